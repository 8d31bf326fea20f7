package simulator

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestAMuleIsNewAndPassesMostOfItOn(t *testing.T) {
	s := tell(t, "mule_account")
	in, out := int64(0), int64(0)
	for name, c := range s.campaigns {
		if n := len(s.honestBefore(c[0].Card, c[0].Time)); n > 0 {
			t.Errorf("%s: the card had been used %d times", name, n)
		}
		if k := c[0].Kind; k != atm.Transfer && k != atm.Deposit {
			t.Errorf("%s begins with a %s", name, k)
		}
		for _, a := range c {
			switch {
			case a.Response != atm.Approved:
			case a.Kind == atm.Withdrawal:
				out += a.Amount
			case a.Kind == atm.Transfer, a.Kind == atm.Deposit:
				in += a.Amount
			}
		}
	}
	if out*10 < in*5 || out > in {
		t.Errorf("%d came in and %d went out", in, out)
	}
}
