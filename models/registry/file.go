package registry

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// fileMagic begins a model file. The last byte is the version of the format.
const fileMagic = "SKMODEL\x01"

// Pack returns a model file: manifest and artifact in one, for a model that travels without a registry. The manifest is
// completed by size and checksum of the artifact. After the magic follow the manifest's length (uint32, little endian), the
// manifest as JSON, and the artifact.
func Pack(m Manifest, artifact []byte) ([]byte, error) {
	sum := sha256.Sum256(artifact)
	m.Size, m.SHA256 = len(artifact), hex.EncodeToString(sum[:])
	head, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("pack model %s: %w", m.Version, err)
	}
	b := binary.LittleEndian.AppendUint32([]byte(fileMagic), uint32(len(head)))
	return append(append(b, head...), artifact...), nil
}

// Unpack reads a model file. The error wraps ErrCorrupt when it is not whole, and ErrFeatureSet when the model was trained on
// another feature set than the running catalogue's.
func Unpack(b []byte, featureSet uint64) (Manifest, []byte, error) {
	var m Manifest
	if !bytes.HasPrefix(b, []byte(fileMagic)) || len(b) < len(fileMagic)+4 {
		return m, nil, fmt.Errorf("read model file: %w: it does not begin as one", ErrCorrupt)
	}
	head := b[len(fileMagic)+4:]
	n := uint64(binary.LittleEndian.Uint32(b[len(fileMagic):]))
	if n > uint64(len(head)) {
		return m, nil, fmt.Errorf("read model file: %w: its manifest is cut", ErrCorrupt)
	}
	head, artifact := head[:n], head[n:]
	if err := json.Unmarshal(head, &m); err != nil {
		return m, nil, fmt.Errorf("read model file: %w: manifest: %w", ErrCorrupt, err)
	}
	if sum := sha256.Sum256(artifact); hex.EncodeToString(sum[:]) != m.SHA256 {
		return m, nil, fmt.Errorf("read model file: %w: %d bytes with checksum %x, want %d bytes with %.8s", ErrCorrupt, len(artifact), sum[:4], m.Size, m.SHA256)
	}
	return m, artifact, m.fits(featureSet)
}

// fits refuses a model whose vectors mean something else than those of the running catalogue.
func (m Manifest) fits(featureSet uint64) error {
	if uint64(m.FeatureSet) == featureSet {
		return nil
	}
	return fmt.Errorf("model %s: %w: it has %s, this program computes %s; train a new one", m.Version, ErrFeatureSet, m.FeatureSet, FeatureSet(featureSet))
}
