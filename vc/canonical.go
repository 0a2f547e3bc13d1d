package vc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

// Canonicalise returns the statements of a JSON-LD document as canonical N-Quads
// (RDFC-1.0). Two documents that say the same have the same canonical form.
func Canonicalise(document []byte) ([]byte, error) {
	parsed, err := parseDocument(document)
	if err != nil {
		return nil, err
	}
	return canonicalise(parsed)
}

func canonicalise(document map[string]any) ([]byte, error) {
	expanded, err := expand(document)
	if err != nil {
		return nil, err
	}
	quads, err := statements(expanded)
	if err != nil {
		return nil, err
	}
	return canonicalQuads(quads)
}

// canonicalQuads names the blank nodes in the order that RDFC-1.0 prescribes, and
// returns the statements as sorted lines.
func canonicalQuads(quads []quad) ([]byte, error) {
	c := newCanonicaliser(quads)
	if err := c.name(); err != nil {
		return nil, err
	}
	lines := make([][]byte, len(quads))
	var buffer []byte
	for i := range quads {
		start := len(buffer)
		buffer = appendQuad(buffer, &quads[i], c.canonical.label)
		lines[i] = buffer[start:len(buffer):len(buffer)]
	}
	slices.SortFunc(lines, bytes.Compare)
	return bytes.Join(lines, nil), nil
}

// canonicaliser is the state of RDFC-1.0, section 4.2.
type canonicaliser struct {
	mentions  map[string][]*quad // by blank node
	first     map[string]string  // first-degree hash by blank node
	canonical *issuer
	work      int
}

func newCanonicaliser(quads []quad) *canonicaliser {
	c := &canonicaliser{mentions: map[string][]*quad{}, first: map[string]string{}, canonical: newIssuer("_:c14n")}
	for i := range quads {
		q := &quads[i]
		for _, t := range [...]*term{&q.subject, &q.object, &q.graph} {
			if t.kind != blank {
				continue
			}
			known := c.mentions[t.value]
			if len(known) == 0 || known[len(known)-1] != q {
				c.mentions[t.value] = append(known, q)
			}
		}
	}
	return c
}

// name issues the canonical names (section 4.4.3, steps 3 to 5): first to the nodes
// that their own statements tell apart, then to the others.
func (c *canonicaliser) name() error {
	byHash := map[string][]string{}
	for node := range c.mentions {
		hash := c.hashFirstDegree(node)
		c.first[node] = hash
		byHash[hash] = append(byHash[hash], node)
	}
	hashes := slices.Sorted(maps.Keys(byHash))
	for _, hash := range hashes {
		if nodes := byHash[hash]; len(nodes) == 1 {
			c.canonical.label(nodes[0])
		}
	}
	for _, hash := range hashes {
		if nodes := byHash[hash]; len(nodes) > 1 {
			if err := c.nameAlike(nodes); err != nil {
				return err
			}
		}
	}
	return nil
}

// nameAlike issues names to nodes with equal first-degree hashes.
func (c *canonicaliser) nameAlike(nodes []string) error {
	// Nodes of a few unusual graphs stay alike to the end: the order of the document decides.
	slices.Sort(nodes)
	var results []path
	for _, node := range nodes {
		if c.canonical.has(node) {
			continue
		}
		temporary := newIssuer("_:b")
		temporary.label(node)
		result, err := c.hashNDegree(node, temporary)
		if err != nil {
			return err
		}
		results = append(results, result)
	}
	slices.SortStableFunc(results, func(a, b path) int { return strings.Compare(a.hash, b.hash) })
	for _, result := range results {
		for _, node := range result.issuer.order {
			c.canonical.label(node)
		}
	}
	return nil
}

// hashFirstDegree describes a blank node by its own statements (section 4.6.3).
func (c *canonicaliser) hashFirstDegree(node string) string {
	label := func(other string) string {
		if other == node {
			return "_:a"
		}
		return "_:z"
	}
	lines := make([][]byte, len(c.mentions[node]))
	for i, q := range c.mentions[node] {
		lines[i] = appendQuad(nil, q, label)
	}
	slices.SortFunc(lines, bytes.Compare)
	return hashHex(lines...)
}

func hashHex(parts ...[]byte) string {
	h := sha256.New()
	for _, part := range parts {
		h.Write(part)
	}
	return hex.EncodeToString(h.Sum(nil))
}
