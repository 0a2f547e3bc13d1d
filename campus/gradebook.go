package campus

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
)

// gradebookData is the table of learners and activities.
type gradebookData struct {
	Pager      pager
	Course     int64
	Title      string
	Activities []Activity
	Items      []string // labels of the tools' line items that have scores
	Rows       []gradeRow
}

type gradeRow struct {
	Person
	Cells     []gradeCell
	Scores    []scoreCell
	Completed bool
}

// scoreCell is a tool's score of one learner.
type scoreCell struct {
	Points string // empty if there is no score
	Review string // address of the submission review; empty: none
}

type gradeCell struct {
	Name   string // user-cmid
	Graded bool
	Grade  string // percent; empty if there is no grade
	Done   bool
}

func (c *Campus) gradebook(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	k := c.gradedCourse(r)
	if k == nil {
		c.mu.Unlock()
		c.moodleError(w, r, "invalidrequest")
		return
	}
	data := c.gradebookOf(k, r)
	c.mu.Unlock()
	c.render(w, r, http.StatusOK, "gradebook", data)
}

// gradedCourse returns the course of a gradebook: the one in the query, or the first
// one. It returns nil if the course does not exist.
func (c *Campus) gradedCourse(r *http.Request) *course {
	if named := r.URL.Query().Get("course"); named != "" {
		return c.school.course(named)
	}
	return c.school.first()
}

// gradebookOf returns one page of a course's gradebook.
func (c *Campus) gradebookOf(k *course, r *http.Request) gradebookData {
	learners := k.learners()
	data := gradebookData{Pager: newPager(r, len(learners)), Course: k.id, Title: k.full}
	for _, a := range k.activities {
		if a.Module != "lti" {
			data.Activities = append(data.Activities, a)
		}
	}
	var items []*lineItem
	for _, i := range c.items {
		if i.course == k && len(i.scores) > 0 {
			items, data.Items = append(items, i), append(data.Items, i.label)
		}
	}
	for _, p := range page(learners, data.Pager.from(), rowsPerPage) {
		data.Rows = append(data.Rows, data.row(p, items))
	}
	return data
}

func (data gradebookData) row(p *participant, items []*lineItem) gradeRow {
	row := gradeRow{Person: *p.Person, Completed: !p.completed.IsZero()}
	for _, a := range data.Activities {
		m := p.mark(a.CMID)
		row.Cells = append(row.Cells, gradeCell{
			Name: fmt.Sprintf("%d-%d", p.ID, a.CMID), Graded: a.Max > 0, Grade: percentText(a, m), Done: a.done(m),
		})
	}
	for _, i := range items {
		row.Scores = append(row.Scores, i.cell(p.ID))
	}
	return row
}

// cell returns a learner's score.
func (i *lineItem) cell(user int64) (cell scoreCell) {
	s := i.scores[user]
	if s.points == nil {
		return cell
	}
	cell.Points = strconv.FormatFloat(round(*s.points, 2), 'f', -1, 64) + " / " + strconv.FormatFloat(i.max, 'f', -1, 64)
	if i.coupled && i.review != nil {
		cell.Review = fmt.Sprintf("/mod/lti/grade.php?id=%d&userid=%d&as=%d", i.cmid(), user, teacherID)
	}
	return cell
}

func percentText(a Activity, m mark) string {
	if m.grade == nil || a.Max == 0 {
		return ""
	}
	return strconv.FormatFloat(math.Round(*m.grade/a.Max*10000)/100, 'f', -1, 64)
}

// saveGradebook applies the fields that were changed. Each field has a hidden one with
// the value it had when the page was made.
func (c *Campus) saveGradebook(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	c.mu.Lock()
	k := c.gradedCourse(r)
	c.mu.Unlock()
	if k == nil {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	for field := range r.PostForm {
		kind, name, _ := strings.Cut(field, "-was-")
		now := r.PostForm.Get(kind + "-" + name)
		if name == "" || r.PostForm.Get(field) == now {
			continue
		}
		if err := c.saveField(k, kind, name, now); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	http.Redirect(w, r, fmt.Sprintf("/gradebook?course=%d&page=%d", k.id, max(number(r, "page"), 1)), http.StatusSeeOther) //nolint:gosec // G710: a path of our own with two numbers
}

// saveField changes one cell. Its name is the user, or the user and the activity.
func (c *Campus) saveField(k *course, kind, name, value string) error {
	first, second, _ := strings.Cut(name, "-")
	user, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return fmt.Errorf("unknown field %q", name)
	}
	if kind == "course" {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.completeByHand(k, user, value != "")
	}
	cmid, err := strconv.ParseInt(second, 10, 64)
	if err != nil {
		return fmt.Errorf("unknown field %q", name)
	}
	if kind == "done" {
		return c.SetActivityCompleted(user, cmid, value != "")
	}
	if value == "" {
		return c.SetGrade(user, cmid, nil)
	}
	percent, err := strconv.ParseFloat(strings.Replace(value, ",", ".", 1), 64)
	if err != nil || !(percent >= 0 && percent <= 100) {
		return fmt.Errorf("%q is not a percentage", value)
	}
	return c.SetGrade(user, cmid, &percent)
}
