package moodle

import (
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// reportColumns are the positions of the columns that are read. The titles identify the
// columns: three of Moodle's columns contain times, and their values look the same.
type reportColumns struct {
	count        int
	course, user int
	at           int // time completed
	done         int // completed; -1 if the report has no such column
}

// Moodle's titles of the columns in English.
var (
	courseTitles = []string{"Course full name with link", "Course short name with link", "Course ID number with link"}
	userTitles   = []string{"Full name with link", "Full name with picture and link"}
	atTitles     = []string{"Time completed"}
	doneTitles   = []string{"Completed"}
)

// findColumns finds the columns by their titles. It returns an *Error with
// ReportColumns or, if no title is one of Moodle's English ones, with ReportLanguage.
func findColumns(titles []string) (reportColumns, error) {
	find := func(wanted []string) int {
		return slices.IndexFunc(titles, func(t string) bool { return slices.Contains(wanted, plain(t)) })
	}
	c := reportColumns{
		count: len(titles), course: find(courseTitles), user: find(userTitles), at: find(atTitles), done: find(doneTitles),
	}
	missing := []string{}
	for title, place := range map[string]int{courseTitles[0]: c.course, userTitles[0]: c.user, atTitles[0]: c.at} {
		if place < 0 {
			missing = append(missing, title)
		}
	}
	switch {
	case len(missing) == 0:
		return c, nil
	case len(missing) == 3 && c.done < 0 && len(titles) > 0:
		return c, &Error{Reason: ReportLanguage, Err: errors.New("none of its columns has an English title of Moodle")}
	}
	slices.Sort(missing)
	return c, &Error{Reason: ReportColumns, Err: fmt.Errorf("it has no column %q", missing)}
}

// errNobody marks a row without a user. Moodle sends such a row for each enrolment
// method of the course that nobody used.
var errNobody = errors.New("a row without a user")

// decode reads one row. It returns errNobody or an *Error.
func (c reportColumns) decode(cells []*string, course int64) (UserID, CompletionRow, error) {
	if len(cells) != c.count {
		return "", CompletionRow{}, &Error{Reason: Unexpected, Err: fmt.Errorf("%d cells under %d titles", len(cells), c.count)}
	}
	found, ok := linked(cell(cells[c.course]), "/course/view.php")
	switch {
	case !ok:
		return "", CompletionRow{}, &Error{Reason: ReportColumns, Err: errors.New("a course without its link")}
	case found != course:
		return "", CompletionRow{}, &Error{Reason: ReportUnfiltered, Err: fmt.Errorf("course %d instead of %d", found, course)}
	}
	name := cell(cells[c.user])
	if name == "" {
		return "", CompletionRow{}, errNobody
	}
	user, ok := linked(name, "/user/profile.php", "/user/view.php")
	if !ok {
		return "", CompletionRow{}, &Error{Reason: ReportColumns, Err: errors.New("a learner without the link to their profile")}
	}
	row, err := c.completion(cells)
	return id[UserID](user), row, err
}

// completion reads the cells about the completion. Without the column "Completed", a
// time means that the course was completed.
func (c reportColumns) completion(cells []*string) (CompletionRow, error) {
	at, err := reportTime(cell(cells[c.at]))
	if err != nil {
		return CompletionRow{}, err
	}
	row := CompletionRow{Completed: !at.IsZero(), At: at}
	if c.done < 0 {
		return row, nil
	}
	switch done := plain(cell(cells[c.done])); {
	case done == "Yes":
		row.Completed = true
	case done != "No" && done != "": // empty: the learner has not begun and Moodle has no record
		return CompletionRow{}, &Error{Reason: ReportLanguage, Err: errors.New("the column Completed contains neither Yes nor No")}
	case row.Completed:
		return CompletionRow{}, &Error{Reason: Unexpected, Err: errors.New("a time of completion, and not completed")}
	}
	return row, nil
}

// reportTime parses a time as Moodle writes it in English, for example "Monday, 23
// November 2026, 9:35 AM". Empty text is the zero time. The text contains no time zone:
// see trustTimes.
func reportTime(text string) (time.Time, error) {
	text = plain(text)
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse("Monday, 2 January 2006, 3:04 PM", text)
	if err != nil || !strings.HasPrefix(text, t.Weekday().String()) || t.Unix() <= 0 {
		return time.Time{}, &Error{Reason: ReportLanguage, Err: errors.New("a time that is not in Moodle's English form")}
	}
	return t, nil
}

var href = regexp.MustCompile(`^<a\s[^>]*?\bhref="([^"]*)"`)

// linked returns the id in the link at the start of the cell if it leads to one of the
// pages. Links further on are ignored: a user can write one into their name.
func linked(cell string, pages ...string) (int64, bool) {
	found := href.FindStringSubmatch(cell)
	if found == nil {
		return 0, false
	}
	u, err := url.Parse(html.UnescapeString(found[1]))
	if err != nil || !slices.ContainsFunc(pages, func(page string) bool { return strings.HasSuffix(u.Path, page) }) {
		return 0, false
	}
	n, err := strconv.ParseInt(u.Query().Get("id"), 10, 64)
	return n, err == nil && n > 0
}

func cell(c *string) string {
	if c == nil {
		return ""
	}
	return strings.TrimSpace(*c)
}
