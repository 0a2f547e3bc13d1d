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

// join adds a participant to a group. It does nothing for a member.
func (g *group) join(p *participant) {
	if i, found := slices.BinarySearchFunc(g.members, p, byUser); !found {
		g.members = slices.Insert(g.members, i, p)
	}
	if i, found := slices.BinarySearchFunc(p.groups, g, byGroup); !found {
		p.groups = slices.Insert(p.groups, i, g)
	}
}

// leave removes a participant from a group.
func (g *group) leave(p *participant) {
	if i, found := slices.BinarySearchFunc(g.members, p, byUser); found {
		g.members = slices.Delete(g.members, i, i+1)
	}
	if i, found := slices.BinarySearchFunc(p.groups, g, byGroup); found {
		p.groups = slices.Delete(p.groups, i, i+1)
	}
}

// idNumber returns the group's id in other systems of the university.
func (g *group) idNumber() string { return "grp-" + strconv.FormatInt(g.id, 10) }

// addGroup adds a group of participants.
func (k *course) addGroup(name string, members ...int64) *group {
	g := &group{id: int64(len(k.groups)) + 1, name: name}
	k.groups = append(k.groups, g)
	for _, user := range members {
		g.join(k.participant(user))
	}
	return g
}

// group returns the group of the course; nil if it does not exist.
func (k *course) group(id int64) *group {
	i, found := slices.BinarySearchFunc(k.groups, &group{id: id}, byGroup)
	if !found {
		return nil
	}
	return k.groups[i]
}

// groupsOf returns the groups of a participant.
func (k *course) groupsOf(user int64) []*group {
	if p := k.participant(user); p != nil {
		return p.groups
	}
	return nil
}
