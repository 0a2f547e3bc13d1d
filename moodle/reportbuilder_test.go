package moodle_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/moodle"
)

const (
	byCourse = "course:courseselector"
	byTime   = "completion:timecompleted"
)

// reportBuilder is a fake report builder. It stores filters and serves pages of rows
// that are made from recorded ones.
type reportBuilder struct {
	t       *testing.T
	headers []string
	rows    []builderRow
	zone    *time.Location
	filters []string // filters of the report; values of others are ignored

	mu      sync.Mutex
	values  map[string]any
	reading int                  // pages served since the filters were set
	before  func(*reportBuilder) // called before each page
	set     []string             // the values of each setting
}

type builderRow struct {
	cells  []*string
	course int
	at     time.Time // zero: not completed
}

// newReportBuilder serves the rows of a recording. The completions happened twenty
// seconds after the minute that the rows show.
func newReportBuilder(t *testing.T, recording string) *reportBuilder {
	t.Helper()
	var e struct {
		Response struct {
			JSON struct {
				Data struct {
					Headers []string `json:"headers"`
					Rows    []struct {
						Columns []*string `json:"columns"`
					} `json:"rows"`
				} `json:"data"`
			} `json:"json"`
		} `json:"response"`
	}
	read(t, recording, &e)
	data := e.Response.JSON.Data
	d := &reportBuilder{t: t, headers: data.Headers, zone: time.UTC, filters: []string{byCourse, byTime}}
	course := regexp.MustCompile(`course/view\.php\?id=(\d+)`)
	at := slices.Index(d.headers, "Time completed")
	for _, r := range data.Rows {
		row := builderRow{cells: r.Columns}
		row.course, _ = strconv.Atoi(course.FindStringSubmatch(*r.Columns[0])[1])
		if shown := *r.Columns[at]; shown != "" {
			minute, err := time.Parse(shownTime, shown)
			if err != nil {
				t.Fatal(err)
			}
			row.at = minute.Add(20 * time.Second)
		}
		d.rows = append(d.rows, row)
	}
	return d
}

const shownTime = "Monday, 2 January 2006, 3:04 PM"

func (d *reportBuilder) client() *moodle.Client { return d.site().client() }

func (d *reportBuilder) site() *site {
	return newSite(d.t, map[string]answer{
		fnReportFilters: d.filter, fnReport: d.page,
	})
}

func (d *reportBuilder) filter(form url.Values) (int, []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.values, d.reading = nil, 0
	d.set = append(d.set, form.Get("values"))
	if err := json.Unmarshal([]byte(form.Get("values")), &d.values); err != nil || form.Get("parameters") != "[]" {
		d.t.Errorf("filters %v: %v", form, err)
	}
	return recorded(d.t, "ws-report-set-filter-since")(form)
}

func (d *reportBuilder) page(form url.Values) (int, []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.before != nil {
		d.before(d)
	}
	d.reading++
	size, _ := strconv.Atoi(form.Get("perpage"))
	page, _ := strconv.Atoi(form.Get("page"))
	rows := []map[string]any{}
	for _, r := range d.rows {
		if d.passes(r) {
			rows = append(rows, map[string]any{"columns": d.shown(r)})
		}
	}
	from := min(page*size, len(rows))
	raw, _ := json.Marshal(map[string]any{
		"data": map[string]any{"headers": d.headers, "rows": rows[from:min(from+size, len(rows))], "totalrowcount": len(rows)},
	})
	return http.StatusOK, raw
}

func (d *reportBuilder) has(filter string) bool { return slices.Contains(d.filters, filter) }

func (d *reportBuilder) passes(r builderRow) bool {
	if courses, ok := d.values["course:courseselector_values"].([]any); ok && d.has(byCourse) && !slices.Contains(courses, any(float64(r.course))) {
		return false
	}
	if d.values["completion:timecompleted_operator"] != 3.0 || !d.has(byTime) {
		return true
	}
	from, _ := d.values["completion:timecompleted_from"].(float64)
	to, _ := d.values["completion:timecompleted_to"].(float64)
	at := float64(r.at.Unix())
	return !r.at.IsZero() && at >= from && (to == 0 || at <= to)
}

// shown returns the row as the token's user sees it.
func (d *reportBuilder) shown(r builderRow) []*string {
	cells := slices.Clone(r.cells)
	if i := slices.Index(d.headers, "Time completed"); i >= 0 && !r.at.IsZero() {
		text := r.at.In(d.zone).Format(shownTime)
		cells[i] = &text
	}
	return cells
}

// replace changes the text of a column in all rows that contain one.
func (d *reportBuilder) replace(title, from, to string) {
	i := slices.Index(d.headers, title)
	for n, r := range d.rows {
		if r.cells[i] != nil {
			text := strings.ReplaceAll(*r.cells[i], from, to)
			d.rows[n].cells = slices.Clone(r.cells)
			d.rows[n].cells[i] = &text
		}
	}
}

// crowd adds learners who completed the course, one per minute.
func (d *reportBuilder) crowd(count int) {
	course := d.rows[0].cells[0]
	d.rows = nil
	for i := range count {
		user := `<a href="http://127.0.0.1:8045/user/profile.php?id=` + strconv.Itoa(1000+i) + `">L</a>`
		d.rows = append(d.rows, builderRow{
			cells: []*string{course, &user, nil}, course: 2, at: time.Date(2026, 3, 1, 0, i, 7, 0, time.UTC),
		})
	}
}

// french shows the times as Moodle writes them in French.
func (d *reportBuilder) french() {
	for i, r := range d.rows {
		if !r.at.IsZero() {
			d.rows[i].at = time.Time{}
			text := "lundi 23 novembre 2026, 09:35"
			d.rows[i].cells = slices.Clone(r.cells)
			d.rows[i].cells[7] = &text
		}
	}
}
