package feature

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestCatalogue(t *testing.T) {
	t.Logf("%d features, %d of the card half", Size(), CardSize())
}
