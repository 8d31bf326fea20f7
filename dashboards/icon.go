package dashboards

import (
	"fmt"
	"html/template"
)

// icon returns one of the few line drawings the pages use, 16 by 16, in the colour of the text.
func icon(name string) (template.HTML, error) {
	const open = `<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">`
	var path string
	switch name {
	case "brand":
		path = `<path d="M2 4.5h12v7H2z"/><path d="M5 8h6M8 2v2.5M8 11.5V14"/>`
	case "overview":
		path = `<path d="M2 13.5h12M4 11V7M8 11V3M12 11V5.5"/>`
	case "queue":
		path = `<path d="M2 4h12M2 8h12M2 12h8"/>`
	case "models":
		path = `<path d="M8 2.5v3M8 5.5 4 9.5M8 5.5l4 4M2.5 13.5h3v-3h-3zM10.5 13.5h3v-3h-3z"/>`
	case "system":
		path = `<path d="M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01"/>`
	case "theme":
		path = `<circle cx="8" cy="8" r="5.5"/><path d="M8 2.5v11A5.5 5.5 0 0 0 8 2.5" fill="currentColor"/>`
	case "out":
		path = `<path d="M6.5 2.5h-4v11h4M6.5 8h7M11 5.5 13.5 8 11 10.5"/>`
	case "help":
		path = `<circle cx="8" cy="8" r="5.5"/><path d="M6.3 6.4c.2-2 3.4-1.9 3.4 0C9.700 7.700 8 7.700 8 9M8 11h.01"/>`
	default:
		return "", fmt.Errorf("icon %q is not drawn", name)
	}
	return template.HTML(open + path + `</svg>`), nil
}
