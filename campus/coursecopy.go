package campus

import (
	"fmt"
	"net/http"
)

// CopyCourse adds a copy of the first course, as a teacher does for a new year, and
// returns its id. Activities are copied with new ids; those of tools also with their
// custom parameters and grade items. Everybody is enrolled, without grades, scores or
// completions. Grade items that a tool created without an activity are not copied.
func (c *Campus) CopyCourse() (id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	from := c.school.first()
	to := c.school.addCopy(from)
	for _, a := range from.activities {
		c.copyActivity(from, a, to)
	}
	return to.id
}

// addCopy adds a course whose name is made from that of another, as Moodle does. It has
// no id number, because id numbers are unique.
func (s *school) addCopy(from *course) *course {
	n := len(s.courses)
	k := &course{
		id: s.courses[n-1].id + 1, short: fmt.Sprintf("%s_%d", from.short, n), full: fmt.Sprintf("%s copie %d", from.full, n),
		history: append([]int64{from.id}, from.history...),
		byUser:  make(map[int64]*participant, len(from.participants)),
	}
	for _, p := range from.participants {
		k.enrol(p.Person)
	}
	s.courses = append(s.courses, k)
	return k
}

// copyActivity copies an activity with the grade items that came with it.
func (c *Campus) copyActivity(from *course, a Activity, to *course) {
	if a.item != 0 {
		a.item = int64(c.nextItem())
	}
	old := a.instance
	a = c.school.add(to, a)
	if a.Module != "lti" {
		return
	}
	for _, i := range c.items { // the copy's items are added to the list during the loop
		if i.course == from && i.coupled && i.link == old {
			c.addItem(&lineItem{
				course: to, tool: i.tool, label: i.label, max: i.max, resourceID: i.resourceID, tag: i.tag,
				link: a.instance, coupled: true, review: i.review,
			})
		}
	}
}

// copyCourse handles the administrator's button.
func (c *Campus) copyCourse(w http.ResponseWriter, r *http.Request) {
	c.CopyCourse()
	http.Redirect(w, r, "/admin/tools?lang="+siteLanguage(r), http.StatusSeeOther)
}

// courseName is a course in a list of links.
type courseName struct {
	ID          int64
	Short, Full string
}

// courseNames lists the courses, beginning with the first one. The caller must hold the
// lock.
func (s *school) courseNames() []courseName {
	list := make([]courseName, len(s.courses))
	for i, k := range s.courses {
		list[i] = courseName{k.id, k.short, k.full}
	}
	return list
}
