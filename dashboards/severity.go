package dashboards

// Severity ranks how far a score lies above its threshold. Shape, word and colour always stand together.
type Severity struct {
	Word  string
	Shape string
	Class string
}

// severityOf cuts the span from threshold to 1 into quarters.
func severityOf(score, threshold float64) Severity {
	above := 0.0
	if threshold < 1 {
		above = (score - threshold) / (1 - threshold)
	}
	switch {
	case above >= 0.75:
		return Severity{"Critical", "◆", "critical"}
	case above >= 0.5:
		return Severity{"High", "▲", "high"}
	case above >= 0.25:
		return Severity{"Medium", "■", "medium"}
	}
	return Severity{"Low", "●", "low"}
}
