package dashboard

import (
	"testing"

	"skimwatch/engine/feature"
)

func TestFeatureTexts(t *testing.T) {
	for _, name := range feature.Names() {
		if text, ok := featureText(name); !ok || text.Name != name || text.Meaning == "" {
			t.Errorf("%s has the text %+v, %v", name, text, ok)
		}
	}
	if _, ok := featureText("no_such_feature"); ok {
		t.Error("an unknown feature has a text")
	}
}
