package moodle_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/moodle"
)

const fnGroups = "core_group_get_course_groups"

func TestGroups(t *testing.T) {
	s := newSite(t, map[string]answer{fnGroups: recorded(t, "ws-course-groups")})
	got, err := s.client().Groups(t.Context(), "2")
	if err != nil {
		t.Fatal(err)
	}
	want := []moodle.Group{
		{ID: "1", Name: "Group A", IDNumber: "grp-d55829d4f9c0c610b36da2e558235120"},
		{ID: "2", Name: "Group B", IDNumber: "grp-0bb4dda796362c0d7a33b81c9291567d"},
		{ID: "3", Name: "Grupo Ñ", IDNumber: "grp-7cdfecfdab6d5a4611010f8bc5ffd08b"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOddGroups(t *testing.T) {
	tests := map[string]struct {
		body string
		want moodle.Reason
	}{
		"none":           {`[]`, ""},
		"another course": {`[{"id":1,"courseid":3,"name":"A"}]`, moodle.WrongCourse},
		"no id":          {`[{"courseid":2,"name":"A"}]`, moodle.Unexpected},
		"null":           {`null`, moodle.Unexpected},
		"refused":        {`{"exception":"x","errorcode":"nopermissions"}`, moodle.CapabilityMissing},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := newSite(t, map[string]answer{fnGroups: text(tt.body)}).client().Groups(t.Context(), "2")
			if moodle.ReasonOf(err) != tt.want || (got == nil) != (tt.want != "") {
				t.Errorf("%v, %v; want %q", got, err, tt.want)
			}
		})
	}
}
