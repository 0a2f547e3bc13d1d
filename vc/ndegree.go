package vc

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// maxWork bounds the steps that tell nodes apart which look alike. A real document
// needs a few hundred; a document made to block its readers needs more than anybody
// can wait for.
const maxWork = 200_000

func (c *canonicaliser) spend(steps int) error {
	c.work += steps
	if c.work > maxWork {
		return unsupported("too many nodes of the document look alike")
	}
	return nil
}

// issuer gives names to blank nodes, in the order in which they are asked for.
type issuer struct {
	prefix string
	issued map[string]string
	order  []string
}

func newIssuer(prefix string) *issuer {
	return &issuer{prefix: prefix, issued: map[string]string{}}
}

func (i *issuer) has(node string) bool {
	_, found := i.issued[node]
	return found
}

// label returns the name of a node, and gives it the next one if it has none.
func (i *issuer) label(node string) string {
	if name, found := i.issued[node]; found {
		return name
	}
	name := i.prefix + strconv.Itoa(len(i.order))
	i.issued[node] = name
	i.order = append(i.order, node)
	return name
}

func (i *issuer) clone() *issuer {
	return &issuer{prefix: i.prefix, issued: maps.Clone(i.issued), order: slices.Clone(i.order)}
}

// path is one way through the neighbours of a node: its hash, and the names it gave.
type path struct {
	hash   string
	issuer *issuer
}

// hashNDegree describes a node by its neighbours (RDFC-1.0, section 4.8.3).
func (c *canonicaliser) hashNDegree(node string, names *issuer) (path, error) {
	if err := c.spend(1 + len(c.mentions[node])); err != nil {
		return path{}, err
	}
	related := c.related(node, names)
	var data strings.Builder
	for _, hash := range slices.Sorted(maps.Keys(related)) {
		data.WriteString(hash)
		chosen, err := c.choose(related[hash], names)
		if err != nil {
			return path{}, err
		}
		data.WriteString(chosen.hash)
		names = chosen.issuer
	}
	return path{hash: hashHex([]byte(data.String())), issuer: names}, nil
}

// related returns the neighbours of a node, by the hash of their relation.
func (c *canonicaliser) related(node string, names *issuer) map[string][]string {
	related := map[string][]string{}
	for _, q := range c.mentions[node] {
		for position, t := range [...]*term{&q.subject, &q.object, &q.graph} {
			if t.kind == blank && t.value != node {
				hash := c.hashRelated(t.value, q, names, "sog"[position:position+1])
				related[hash] = append(related[hash], t.value)
			}
		}
	}
	return related
}

// hashRelated describes the relation to a neighbour (section 4.7.3).
func (c *canonicaliser) hashRelated(node string, q *quad, names *issuer, position string) string {
	input := position
	if position != "g" {
		input += "<" + q.predicate.value + ">"
	}
	switch {
	case c.canonical.has(node):
		input += c.canonical.label(node)
	case names.has(node):
		input += names.label(node)
	default:
		input += c.first[node]
	}
	return hashHex([]byte(input))
}

// choose returns the smallest path over all orders of nodes.
func (c *canonicaliser) choose(nodes []string, names *issuer) (path, error) {
	var chosen path
	err := permute(nodes, func(order []string) error {
		candidate, err := c.walk(order, names.clone(), chosen.hash)
		if err != nil {
			return err
		}
		if candidate.issuer != nil && (chosen.issuer == nil || candidate.hash < chosen.hash) {
			chosen = candidate
		}
		return nil
	})
	return chosen, err
}

// walk follows one order of nodes (section 4.8.3, steps 5.4.1 to 5.4.6). It returns
// no issuer if the path becomes longer or larger than the smallest one so far.
func (c *canonicaliser) walk(order []string, names *issuer, smallest string) (path, error) {
	if err := c.spend(len(order) + len(names.order)); err != nil {
		return path{}, err
	}
	var way strings.Builder
	var unnamed []string
	for _, node := range order {
		if c.canonical.has(node) {
			way.WriteString(c.canonical.label(node))
			continue
		}
		if !names.has(node) {
			unnamed = append(unnamed, node)
		}
		way.WriteString(names.label(node))
	}
	if larger(way.String(), smallest) {
		return path{}, nil
	}
	for _, node := range unnamed {
		result, err := c.hashNDegree(node, names)
		if err != nil {
			return path{}, err
		}
		way.WriteString(names.label(node) + "<" + result.hash + ">")
		names = result.issuer
		if larger(way.String(), smallest) {
			return path{}, nil
		}
	}
	return path{hash: way.String(), issuer: names}, nil
}

func larger(way, smallest string) bool {
	return smallest != "" && len(way) >= len(smallest) && way > smallest
}

// permute calls f with every order of nodes, until an error.
func permute(nodes []string, f func([]string) error) error {
	order := slices.Clone(nodes)
	var place func(k int) error
	place = func(k int) error {
		if k == len(order) {
			return f(order)
		}
		for i := k; i < len(order); i++ {
			order[k], order[i] = order[i], order[k]
			if err := place(k + 1); err != nil {
				return err
			}
			order[k], order[i] = order[i], order[k]
		}
		return nil
	}
	return place(0)
}
