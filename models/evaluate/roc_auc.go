package evaluate

// ROCAUC is the chance that a fraud scores above an honest transaction, ties counting half (Mann–Whitney). 0.5 when one
// of the classes is empty.
func ROCAUC(list []Scored) float64 {
	sorted := descending(list)
	var above, wins float64 // frauds above the current score; pairs won
	honest := 0.0
	for i := 0; i < len(sorted); {
		var f, h float64
		for s := sorted[i].Score; i < len(sorted) && sorted[i].Score == s; i++ {
			if sorted[i].Fraud {
				f++
			} else {
				h++
			}
		}
		wins += h * (above + f/2)
		above += f
		honest += h
	}
	if above == 0 || honest == 0 {
		return 0.5
	}
	return wins / (above * honest)
}
