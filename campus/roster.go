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

// memberships is the names and roles service (LTI NRPS 2.0). It behaves as recorded:
// suspended enrolments are left out, suspended accounts are active, names are
// HTML-escaped, any Accept is allowed, and the link to the next page loses the role.
func (c *Campus) memberships(w http.ResponseWriter, r *http.Request) {
	limit, from := number(r, "limit"), number(r, "from")
	c.mu.Lock()
	found, err := c.roster(r, from, limit)
	c.mu.Unlock()
	if err != nil {
		c.writeServiceError(w, r, err)
		return
	}
	if limit > 0 && from+limit < found.total {
		w.Header().Set("Link", fmt.Sprintf(`<%s?limit=%d&from=%d>; rel="next"`, found.address, limit, from+limit))
	}
	w.Header().Set("Content-Type", rosterType)
	_ = found.answer.writeTo(w, c.locked) // the client may have gone
}

// roster is one page of a course's roster.
type roster struct {
	address string
	total   int // members on all pages
	answer  stream
}

func (c *Campus) roster(r *http.Request, from, limit int) (roster, error) {
	t, err := c.caller(r, scopeRoster)
	if err != nil {
		return roster{}, err
	}
	k, err := c.courseOf(r)
	if err != nil {
		return roster{}, err
	}
	link := r.URL.Query().Get("rlid")
	a, ok := k.link(link)
	if link != "" && (!ok || !a.opens(t)) {
		return roster{}, refuse(http.StatusNotFound, "Not Found: LTI link %s doesn't exist", link)
	}
	if c.answersForeignCourse("memberships", r.URL.RequestURI()) {
		k = c.school.foreign
	}
	members := k.members(r)
	from = c.slip(from, "memberships", r.URL.RequestURI())
	listed := page(members, from, limit)
	return roster{
		address: c.rosterURL(k, t), total: len(members),
		answer: stream{
			name: "members", count: len(listed), element: func(i int) any { return c.member(t, listed[i], a) },
			rest: object{"id": c.rosterURL(k, t), "context": object{"id": k.text(), "label": k.short, "title": escape(k.full)}},
		},
	}, nil
}

// slip moves the start of a later page by one, as if a person before it had left. The
// caller must hold the lock.
func (c *Campus) slip(from int, function, call string) int {
	if from > 0 && c.dice.throw(c.faults.RosterSlips, "roster slips", function, call) {
		return from + 1
	}
	return from
}

func number(r *http.Request, name string) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// page returns a part of a list. A limit of 0 means no limit.
func page[T any](list []T, from, limit int) []T {
	list = list[min(from, len(list)):]
	if limit == 0 {
		return list
	}
	return list[:min(limit, len(list))]
}

// members returns the participants that a request for the roster selects.
func (k *course) members(r *http.Request) []*participant {
	return slices.DeleteFunc(slices.Clone(k.participants), func(p *participant) bool {
		return p.SuspendedEnrolment || !hasWantedRole(r, rosterRole(p.Role))
	})
}

// rosterRole returns a short role. A teacher without the right to edit is a Learner
// here, although an Instructor in launches.
func rosterRole(r Role) string {
	if r == EditingTeacher {
		return "Instructor"
	}
	return "Learner"
}

// hasWantedRole applies the role filter, short or full. Unknown roles do not filter.
func hasWantedRole(r *http.Request, role string) bool {
	asked := r.URL.Query().Get("role")
	asked = asked[strings.LastIndex(asked, "#")+1:]
	return !slices.Contains([]string{"Instructor", "Learner"}, asked) || asked == role
}

// member returns an entry of the roster, with data about an activity if the request
// named one.
func (c *Campus) member(t *tool, p *participant, a Activity) object {
	m := object{
		"status": "Active", "roles": []string{rosterRole(p.Role)}, "user_id": strconv.FormatInt(p.ID, 10),
		"lis_person_sourcedid": p.idNumber, "ext_user_username": p.username,
	}
	if t.names {
		m["name"], m["given_name"], m["family_name"] = escape(p.Name()), escape(p.First), escape(p.Last)
	}
	if t.email {
		m["email"] = p.Email
	}
	if a.CMID != 0 {
		m["message"] = []object{{
			ltiClaim + "message_type":                                   "LtiResourceLinkRequest",
			"https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome": c.basicOutcome(t, a, *p.Person),
		}}
	}
	return m
}
