package campus

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const rosterType = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json; charset=utf-8"

func (c *Campus) rosterURL(k *course, t *tool) string {
	return c.url(fmt.Sprintf("/mod/lti/services.php/CourseSection/%d/bindings/%d/memberships", k.id, t.ID))
}

// memberships is the names and roles service (LTI NRPS 2.0). As recorded:
// suspended enrolments are left out, suspended accounts are listed as active,
// names are HTML-escaped, any Accept will do, and the next link loses the role.
func (c *Campus) memberships(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	found, err := c.roster(r)
	c.mu.Unlock()
	if err != nil {
		c.writeServiceError(w, r, err)
		return
	}
	limit, from := number(r, "limit"), number(r, "from")
	if limit > 0 && from+limit < len(found.members) {
		w.Header().Set("Link", fmt.Sprintf(`<%s?limit=%d&from=%d>; rel="next"`, found.address, limit, from+limit))
	}
	writeJSON(w, http.StatusOK, rosterType, object{
		"id": found.address, "context": found.context, "members": page(found.members, from, limit),
	})
}

// roster is a course's roster before it is cut into pages.
type roster struct {
	address string
	context object
	members []object
}

func (c *Campus) roster(r *http.Request) (roster, error) {
	t, err := c.caller(r, scopeRoster)
	if err != nil {
		return roster{}, err
	}
	k, err := c.courseOf(r)
	if err != nil {
		return roster{}, err
	}
	members, err := c.members(r, k, t)
	return roster{
		address: c.rosterURL(k, t), members: members,
		context: object{"id": k.text(), "label": k.short, "title": escape(k.full)},
	}, err
}

func number(r *http.Request, name string) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// page cuts a list; a limit of 0 is none.
func page(list []object, from, limit int) []object {
	list = list[min(from, len(list)):]
	if limit == 0 {
		return list
	}
	return list[:min(limit, len(list))]
}

// members lists who is enrolled, with what concerns one link if it is named.
func (c *Campus) members(r *http.Request, k *course, t *tool) ([]object, error) {
	link := r.URL.Query().Get("rlid")
	a, ok := k.link(link)
	if link != "" && (!ok || !a.opens(t)) {
		return nil, refuse(http.StatusNotFound, "Not Found: LTI link %s doesn't exist", link)
	}
	members := []object{}
	for _, p := range c.school.people {
		role, enrolled := rosterRole(p.Role)
		if !enrolled || p.SuspendedEnrolment || !wanted(r, role) {
			continue
		}
		m := t.member(p, role)
		if link != "" {
			m["message"] = []object{{
				ltiClaim + "message_type":                                   "LtiResourceLinkRequest",
				"https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome": c.basicOutcome(t, a, p),
			}}
		}
		members = append(members, m)
	}
	return members, nil
}

// rosterRole is short, and a teacher without editing rights is a Learner here,
// though Instructor at launch.
func rosterRole(r Role) (role string, enrolled bool) {
	switch r {
	case EditingTeacher:
		return "Instructor", true
	case Teacher, Student:
		return "Learner", true
	default:
		return "", false
	}
}

// wanted applies the role filter, short or full; unknown roles filter nothing.
func wanted(r *http.Request, role string) bool {
	asked := r.URL.Query().Get("role")
	asked = asked[strings.LastIndex(asked, "#")+1:]
	return !slices.Contains([]string{"Instructor", "Learner"}, asked) || asked == role
}

func (t *tool) member(p Person, role string) object {
	m := object{
		"status": "Active", "roles": []string{role}, "user_id": strconv.FormatInt(p.ID, 10),
		"lis_person_sourcedid": p.idNumber, "ext_user_username": p.username,
	}
	if t.names {
		m["name"], m["given_name"], m["family_name"] = escape(p.Name()), escape(p.First), escape(p.Last)
	}
	if t.email {
		m["email"] = p.Email
	}
	return m
}
