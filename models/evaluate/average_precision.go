package evaluate

// AveragePrecision is the area under the precision–recall curve as a sum of steps, Σ (Rᵢ − Rᵢ₋₁)·Pᵢ over the distinct
// scores from high to low, as scikit-learn's average_precision_score. 0 when there is no fraud.
func AveragePrecision(list []Scored) float64 {
	area, recall := 0.0, 0.0
	for _, p := range Curve(list) {
		area += (p.Recall - recall) * p.Precision
		recall = p.Recall
	}
	return area
}

// Point is what happens when everything that scores at least Threshold alerts.
type Point struct {
	Threshold float64 `json:"threshold"`
	Alerts    int     `json:"alerts"`
	Precision float64 `json:"precision"` // share of the alerts that are fraud
	Recall    float64 `json:"recall"`    // share of the frauds that alert
}

// Curve is the precision–recall curve: one point per distinct score, highest first. Empty when there is no fraud.
func Curve(list []Scored) []Point {
	frauds := Frauds(list)
	if frauds == 0 {
		return nil
	}
	var curve []Point
	caught := 0
	sorted := descending(list)
	for i, s := range sorted {
		if s.Fraud {
			caught++
		}
		if i+1 < len(sorted) && sorted[i+1].Score == s.Score {
			continue
		}
		curve = append(curve, Point{s.Score, i + 1, float64(caught) / float64(i+1), float64(caught) / float64(frauds)})
	}
	return curve
}

// At is the point of the curve at a threshold. Precision is 0 when nothing alerts, recall 0 when there is no fraud.
func At(list []Scored, threshold float64) Point {
	p := Point{Threshold: threshold}
	caught := 0
	for _, s := range list {
		if s.Score >= threshold {
			p.Alerts++
			if s.Fraud {
				caught++
			}
		}
	}
	if p.Alerts > 0 {
		p.Precision = float64(caught) / float64(p.Alerts)
	}
	if frauds := Frauds(list); frauds > 0 {
		p.Recall = float64(caught) / float64(frauds)
	}
	return p
}
