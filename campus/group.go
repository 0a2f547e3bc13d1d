package campus

import (
	"cmp"
	"slices"
	"strconv"
)

// group is a group of a course.
type group struct {
	id      int64
	name    string
	members []*participant // by user id
}

func byUser(p, q *participant) int { return cmp.Compare(p.ID, q.ID) }

func byGroup(g, h *group) int { return cmp.Compare(g.id, h.id) }

// join puts a participant into a group; once is enough.
func (g *group) join(p *participant) {
	if i, found := slices.BinarySearchFunc(g.members, p, byUser); !found {
		g.members = slices.Insert(g.members, i, p)
	}
	if i, found := slices.BinarySearchFunc(p.groups, g, byGroup); !found {
		p.groups = slices.Insert(p.groups, i, g)
	}
}

// leave takes a participant out of a group.
func (g *group) leave(p *participant) {
	if i, found := slices.BinarySearchFunc(g.members, p, byUser); found {
		g.members = slices.Delete(g.members, i, i+1)
	}
	if i, found := slices.BinarySearchFunc(p.groups, g, byGroup); found {
		p.groups = slices.Delete(p.groups, i, i+1)
	}
}

// idNumber is the group's id in the university's own books.
func (g *group) idNumber() string { return "grp-" + strconv.FormatInt(g.id, 10) }

// addGroup adds a group of people who are enrolled.
func (k *course) addGroup(name string, members ...int64) *group {
	g := &group{id: int64(len(k.groups)) + 1, name: name}
	k.groups = append(k.groups, g)
	for _, user := range members {
		g.join(k.participant(user))
	}
	return g
}

// group finds a group of the course, nil without one.
func (k *course) group(id int64) *group {
	i, found := slices.BinarySearchFunc(k.groups, &group{id: id}, byGroup)
	if !found {
		return nil
	}
	return k.groups[i]
}

// groupsOf are a person's groups in the course.
func (k *course) groupsOf(user int64) []*group {
	if p := k.participant(user); p != nil {
		return p.groups
	}
	return nil
}
