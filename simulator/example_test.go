package simulator_test

import (
	"fmt"

	"skimwatch/simulator"
)

func ExampleWorld_Next() {
	world, err := simulator.New(simulator.Config{Seed: 1, Cards: 1000, ATMs: 60, Days: 30})
	if err != nil {
		fmt.Println(err)
		return
	}
	frauds, event := map[string]bool{}, simulator.Event{}
	for world.Next(&event) {
		for _, label := range event.Labels {
			frauds[label.Scenario] = true
		}
	}
	fmt.Println(event.N > 20_000, len(frauds) > 5)
	// Output: true true
}
