package evaluate

// BestF1 returns the threshold at which precision and recall together are best (van Rijsbergen's F1), half way to the next
// score below it. 1 when there is no fraud.
func BestF1(list []Scored) float64 {
	best, threshold := 0.0, 1.0
	curve := Curve(list)
	for i, p := range curve {
		if p.Recall == 0 {
			continue
		}
		f1 := 2 * p.Precision * p.Recall / (p.Precision + p.Recall)
		if f1 <= best {
			continue
		}
		best, threshold = f1, p.Threshold
		if i+1 < len(curve) {
			threshold -= (p.Threshold - curve[i+1].Threshold) / 2
		}
	}
	return threshold
}
