package campus

import (
	"fmt"
	"time"
)

// gradeValue is a grade in the grade report. Nil points mean that there is no grade.
type gradeValue struct {
	points  *float64
	at      time.Time
	highest float64
	pass    float64  // points to pass; 0: no grade fails
	scale   []string // words for the points; the first counts one
}

func (v gradeValue) lowest() float64 {
	if len(v.scale) > 0 {
		return 1
	}
	return 0
}

// rangeText returns the lowest and the highest grade.
func (v gradeValue) rangeText() string {
	if n := len(v.scale); n > 0 {
		return v.scale[0] + "&ndash;" + v.scale[n-1]
	}
	return fmt.Sprintf("0&ndash;%g", v.highest)
}

// text returns the grade as a word of the scale or as a number. Points must not be nil.
func (v gradeValue) text() string {
	if len(v.scale) > 0 {
		return v.scale[int(*v.points)-1]
	}
	return fmt.Sprintf("%.2f", *v.points)
}

// passIcon returns the icon in front of a grade that passes or fails.
func (v gradeValue) passIcon() string {
	const icon = `<i class="icon fa fa-%s fa-fw inline"  title="%[2]s" role="img" aria-label="%[2]s"></i>`
	switch {
	case v.pass == 0:
		return ""
	case *v.points < v.pass:
		return fmt.Sprintf(icon, "xmark text-danger", "Fail")
	default:
		return fmt.Sprintf(icon, "check text-success", "Pass")
	}
}
