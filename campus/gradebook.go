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
	Activities []Activity
	Rows       []gradeRow
}

type gradeRow struct {
	Person
	Cells     []gradeCell
	Completed bool
}

type gradeCell struct {
	Name   string // user-cmid
	Graded bool
	Grade  string // percent, empty without a grade
	Done   bool
}

func (c *Campus) gradebook(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	data := gradebookData{}
	for _, a := range c.school.activities {
		if a.CMID != ToolCMID {
			data.Activities = append(data.Activities, a)
		}
	}
	for _, p := range c.school.learners() {
		row := gradeRow{Person: p}
		_, row.Completed = c.school.completed[p.ID]
		for _, a := range data.Activities {
			m := c.school.mark(p.ID, a.CMID)
			row.Cells = append(row.Cells, gradeCell{
				Name: fmt.Sprintf("%d-%d", p.ID, a.CMID), Graded: a.Max > 0, Grade: percentText(a, m), Done: a.done(m),
			})
		}
		data.Rows = append(data.Rows, row)
	}
	c.mu.Unlock()
	c.render(w, r, http.StatusOK, "gradebook", data)
}

func percentText(a Activity, m mark) string {
	if m.grade == nil || a.Max == 0 {
		return ""
	}
	return strconv.FormatFloat(math.Round(*m.grade/a.Max*10000)/100, 'f', -1, 64)
}

// saveGradebook applies what was changed: each field stands beside what it
// showed when the page was made.
func (c *Campus) saveGradebook(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	for field := range r.PostForm {
		kind, name, _ := strings.Cut(field, "-was-")
		now := r.PostForm.Get(kind + "-" + name)
		if name == "" || r.PostForm.Get(field) == now {
			continue
		}
		if err := c.saveField(kind, name, now); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	http.Redirect(w, r, "/gradebook", http.StatusSeeOther)
}

// saveField changes one cell; name is the user, or the user and the activity.
func (c *Campus) saveField(kind, name, value string) error {
	first, second, _ := strings.Cut(name, "-")
	user, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return fmt.Errorf("unknown field %q", name)
	}
	if kind == "course" {
		return c.SetCourseCompleted(user, value != "")
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
		return fmt.Errorf("%q is no percentage", value)
	}
	return c.SetGrade(user, cmid, &percent)
}
