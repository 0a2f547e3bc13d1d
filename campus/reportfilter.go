package campus

import (
	"encoding/json"
	"slices"
	"time"
)

// reportFilter is the service user's filter of a report. Moodle stores it on the
// server, per user and report; here there is one user.
type reportFilter struct {
	byCourse bool
	number   string  // id number of the course
	courses  []int64 // ids; none: all

	ranged   bool
	from, to int64 // Unix seconds, both included; 0: no limit
}

// The recorded operators of Moodle's filters. Other operators do not filter.
const (
	textIsEqual = "3"
	dateInRange = "3"
)

// readReportFilter reads the values of a call. Filters without a value are removed.
func readReportFilter(values string) (reportFilter, error) {
	var sent struct {
		CourseOperator json.Number `json:"course:idnumber_operator"`
		CourseNumber   string      `json:"course:idnumber_value"`
		Courses        []int64     `json:"course:courseselector_values"`
		TimeOperator   json.Number `json:"completion:timecompleted_operator"`
		From           json.Number `json:"completion:timecompleted_from"`
		To             json.Number `json:"completion:timecompleted_to"`
	}
	if err := json.Unmarshal([]byte(values), &sent); err != nil {
		return reportFilter{}, errParameter
	}
	f := reportFilter{
		byCourse: sent.CourseOperator == textIsEqual, number: sent.CourseNumber, courses: sent.Courses, ranged: sent.TimeOperator == dateInRange,
		from: int64(wsNumber(sent.From.String())), to: int64(wsNumber(sent.To.String())),
	}
	return f, nil
}

func (f reportFilter) admitsCourse(k *course) bool {
	return (!f.byCourse || k.number == f.number) && (len(f.courses) == 0 || slices.Contains(f.courses, k.id))
}

// admits compares the time in seconds, although the report shows minutes.
func (f reportFilter) admits(p *participant) bool {
	return !f.ranged || (!p.completed.IsZero() && f.includes(p.completed))
}

func (f reportFilter) includes(at time.Time) bool {
	seconds := at.Unix()
	return seconds >= f.from && (f.to == 0 || seconds <= f.to)
}
