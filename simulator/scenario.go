package simulator

import "skimwatch/engine/atm"

// ScenarioInfo explains one kind of fraud.
type ScenarioInfo struct {
	Name       string      `json:"name"`
	Meaning    string      `json:"meaning"`   // what really happens
	Signature  string      `json:"signature"` // what is left of it in the stream
	Source     string      `json:"source"`    // where it is described
	Parameters []Parameter `json:"parameters"`
}

// Parameter is one figure a scenario draws from, both ends included.
type Parameter struct {
	Name    string  `json:"name"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	Unit    string  `json:"unit"`
	Meaning string  `json:"meaning"`
}

// scenario is a kind of fraud that the world can commit.
type scenario struct {
	ScenarioInfo
	share float64     // of fraudulent transactions, relative to the other scenarios
	size  float64     // fraudulent transactions that one campaign makes on average
	knows atm.Time    // median time until the fraud is found out
	start func(*plot) // plans one campaign that starts today
}

// scenarios lists every fraud scenario, in the order of docs and help.
func scenarios() []scenario {
	return []scenario{
		skimming(),
		footprintClone(),
		cardTrapping(),
		pinGuess(),
		pinProbing(),
		cashOut(),
		unlimitedOperation(),
		reversalFraud(),
		jackpotting(),
		relay(),
		accountTakeover(),
		muleAccount(),
		impossibleTravel(),
		structuring(),
	}
}

// Scenarios explains every fraud scenario that a Config may name.
func Scenarios() []ScenarioInfo {
	infos := make([]ScenarioInfo, 0, 14)
	for _, s := range scenarios() {
		infos = append(infos, s.ScenarioInfo)
	}
	return infos
}

func scenarioNames() []string {
	var names []string
	for _, s := range scenarios() {
		names = append(names, s.Name)
	}
	return names
}

// parameter returns the named figure's range; scenarios read their own figures through it, so that what is explained is
// what is done.
func (s *ScenarioInfo) parameter(name string) Parameter {
	for _, p := range s.Parameters {
		if p.Name == name {
			return p
		}
	}
	panic("BUG: scenario " + s.Name + " has no parameter " + name)
}
