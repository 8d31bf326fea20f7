package dashboards

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// point is a place in degrees; north and east are positive.
type point struct{ Lon, Lat float64 }

// outline holds the world's countries as rings of points.
type outline struct{ rings [][]point }

// openOutline decodes the vendored TopoJSON file (topojson-specification 1.0: quantized, delta-encoded arcs which the
// rings name by index, ~index meaning reversed).
func openOutline(a *assetFiles) (*outline, error) {
	var topo struct {
		Transform struct{ Scale, Translate [2]float64 }
		Arcs      [][][2]int
		Objects   struct {
			Countries struct {
				Geometries []struct {
					Type string
					Arcs json.RawMessage
				}
			}
		}
	}
	if err := json.Unmarshal(a.byName["vendor/countries-50m.json"].bytes, &topo); err != nil {
		return nil, fmt.Errorf("read the world outline: %w", err)
	}
	arcs := make([][]point, len(topo.Arcs))
	for i, deltas := range topo.Arcs {
		x, y := 0, 0
		for _, d := range deltas {
			x, y = x+d[0], y+d[1]
			arcs[i] = append(arcs[i], point{
				Lon: float64(x)*topo.Transform.Scale[0] + topo.Transform.Translate[0],
				Lat: float64(y)*topo.Transform.Scale[1] + topo.Transform.Translate[1],
			})
		}
	}
	o := &outline{}
	for _, g := range topo.Objects.Countries.Geometries {
		polygons, err := polygonsOf(g.Type, g.Arcs)
		if err != nil {
			return nil, err
		}
		for _, rings := range polygons {
			for _, ring := range rings {
				o.rings = append(o.rings, joinArcs(arcs, ring))
			}
		}
	}
	return o, nil
}

func polygonsOf(kind string, arcs json.RawMessage) (polygons [][][]int, err error) {
	switch kind {
	case "Polygon":
		var rings [][]int
		err = json.Unmarshal(arcs, &rings)
		polygons = [][][]int{rings}
	case "MultiPolygon":
		err = json.Unmarshal(arcs, &polygons)
	}
	if err != nil {
		return nil, fmt.Errorf("read the world outline: arcs of a %s: %w", kind, err)
	}
	return polygons, nil
}

func joinArcs(arcs [][]point, ring []int) []point {
	var out []point
	for _, i := range ring {
		reversed := i < 0
		if reversed {
			i = ^i
		}
		if i >= len(arcs) {
			continue
		}
		arc := arcs[i]
		for k := range arc {
			p := arc[k]
			if reversed {
				p = arc[len(arc)-1-k]
			}
			if k == 0 && len(out) > 0 {
				continue // an arc starts where the one before it ended
			}
			if n := len(out); n > 0 { // a country beyond 180° goes on to the east, it does not jump west
				p.Lon -= 360 * math.Round((p.Lon-out[n-1].Lon)/360)
			}
			out = append(out, p)
		}
	}
	return out
}

// view is a window on the map: an equirectangular projection, true to scale at its middle latitude.
type view struct {
	west, north   float64
	scaleX        float64 // pixels per degree of longitude
	scaleY        float64
	Width, Height float64
}

// viewOf fits points into width × height with a margin, and shows at least span degrees of latitude.
func viewOf(points []point, width, height, span float64) view {
	if len(points) == 0 {
		points = []point{{-130, 62}, {155, -45}}
	}
	lo, hi := points[0], points[0]
	for _, p := range points {
		lo = point{min(lo.Lon, p.Lon), min(lo.Lat, p.Lat)}
		hi = point{max(hi.Lon, p.Lon), max(hi.Lat, p.Lat)}
	}
	mid := point{(lo.Lon + hi.Lon) / 2, (lo.Lat + hi.Lat) / 2}
	narrow := max(math.Cos(mid.Lat*math.Pi/180), 0.2)
	high := max(span, 1.25*(hi.Lat-lo.Lat), 1.2*(hi.Lon-lo.Lon)*narrow*height/width)
	high = min(high, 360*narrow*height/width)
	scaleY := height / high
	v := view{scaleX: scaleY * narrow, scaleY: scaleY, Width: width, Height: height}
	v.west, v.north = mid.Lon-width/2/v.scaleX, mid.Lat+high/2
	return v
}

func (v view) at(p point) (x, y float64) {
	return (p.Lon - v.west) * v.scaleX, (v.north - p.Lat) * v.scaleY
}

// path draws the rings that touch the view, leaving out detail below a pixel.
func (o *outline) path(v view) string {
	var b []byte
	for _, ring := range o.rings {
		if !v.sees(ring) {
			continue
		}
		b = v.appendRing(b, ring)
	}
	return string(b)
}

func (v view) sees(ring []point) bool {
	const far = 1e9
	x0, y0, x1, y1 := far, far, -far, -far
	for _, p := range ring {
		x, y := v.at(p)
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	return x1 >= 0 && x0 <= v.Width && y1 >= 0 && y0 <= v.Height && x1-x0+y1-y0 > 1.5
}

func (v view) appendRing(b []byte, ring []point) []byte {
	lastX, lastY := math.Inf(1), math.Inf(1)
	for i, p := range ring {
		x, y := v.at(p)
		// Far outside only the direction matters; the clip of the drawing hides the rest.
		x = min(max(x, -v.Width), 2*v.Width)
		y = min(max(y, -v.Height), 2*v.Height)
		if i > 0 && math.Abs(x-lastX)+math.Abs(y-lastY) < 1.2 {
			continue
		}
		op := byte('L')
		if i == 0 {
			op = 'M'
		}
		b = append(b, op)
		b = strconv.AppendFloat(b, x, 'f', 1, 64)
		b = append(b, ' ')
		b = strconv.AppendFloat(b, y, 'f', 1, 64)
		lastX, lastY = x, y
	}
	return append(b, 'Z')
}
