package registry_test

import (
	"context"
	"fmt"

	"skimwatch/models/registry"
)

func Example() {
	ctx := context.Background()
	models := registry.New(memory{}) // any blob store
	for range 2 {
		m, err := models.Register(ctx, registry.Manifest{Algorithm: "forest"}, []byte("artifact"))
		if err != nil {
			fmt.Println(err)
			return
		}
		if _, err := models.Promote(ctx, registry.Champion, m.Version, registry.Who{By: "ana"}); err != nil {
			fmt.Println(err)
			return
		}
	}
	p, err := models.Rollback(ctx, registry.Champion, registry.Who{By: "bo", Reason: "too many false alarms"})
	fmt.Println(p.Version, p.Alias, "before it", p.Previous, err)
	// Output: fraud/1 champion before it fraud/2 <nil>
}
