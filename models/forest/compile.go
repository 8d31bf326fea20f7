package forest

import "github.com/sjwhitworth/golearn/trees"

// flat is one grown tree: node 0 is the root.
type flat struct {
	nodes  []node
	shares []float64
}

// compile lays golearn's nodes breadth first into an array, children side by side.
func (t *tree) compile(root *trees.DecisionTreeNode) flat {
	var f flat
	f.add(root)
	queue := []*trees.DecisionTreeNode{root}
	for i := 0; i < len(queue); i++ {
		n := queue[i]
		if n.Children == nil {
			continue
		}
		s := t.chosen[n.SplitRule]
		f.nodes[i] = node{threshold: t.table.edges[s.feature][s.bin], feature: uint16(s.feature), left: uint32(len(f.nodes))}
		for _, above := range []bool{false, true} {
			f.add(n.Children[side(above)])
			queue = append(queue, n.Children[side(above)])
		}
	}
	return f
}

// add appends a node as a leaf. "1" and "0" are how golearn's binary class writes fraud and honest.
func (t *flat) add(n *trees.DecisionTreeNode) {
	fraud, honest := float64(n.ClassDist["1"]), float64(n.ClassDist["0"])
	share := fraud / (fraud + honest)
	t.nodes = append(t.nodes, node{threshold: share})
	t.shares = append(t.shares, share)
}

func (f *Forest) append(t flat) {
	base := uint32(len(f.nodes))
	f.roots = append(f.roots, base)
	for _, n := range t.nodes {
		if n.left != 0 {
			n.left += base
		}
		f.nodes = append(f.nodes, n)
	}
	f.shares = append(f.shares, t.shares...)
}
