package dashboards_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// luminance of a colour as #rrggbb (WCAG 2.1, relative luminance).
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil || len(hex) != 7 {
		t.Fatalf("%q is no colour", hex)
	}
	linear := func(c uint64) float64 {
		x := float64(c&255) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n)
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast holds that every text colour reads on every surface, the selected row included, in light and dark.
func TestContrast(t *testing.T) {
	css, err := os.ReadFile("assets/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := regexp.MustCompile(`(?s):root[^{]*\{([^}]*)\}`).FindAllSubmatch(css, -1)
	if len(themes) != 3 {
		t.Fatalf("%d themes, want light, dark by the system and dark by choice", len(themes))
	}
	var blocks []map[string]string
	for _, theme := range themes {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`).FindAllSubmatch(theme[1], -1) {
			colours[string(m[1])] = string(m[2])
		}
		blocks = append(blocks, colours)
		for _, surface := range []string{"canvas", "panel", "raised", "selected", "hover"} {
			for _, text := range []string{"text", "muted", "accent", "critical", "high", "medium", "low"} {
				if c := contrast(t, colours[text], colours[surface]); c < 4.5 {
					t.Errorf("theme %d: %s on %s has a contrast of %.2f", len(blocks), text, surface, c)
				}
			}
		}
		if c := contrast(t, colours["on-accent"], colours["accent"]); c < 4.5 {
			t.Errorf("theme %d: a button's text has a contrast of %.2f", len(blocks), c)
		}
	}
	for name, colour := range blocks[1] {
		if blocks[2][name] != colour {
			t.Errorf("--%s differs between the two dark themes", name)
		}
	}
}
