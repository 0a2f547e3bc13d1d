package evidence

import (
	"context"
	"fmt"
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
)

// teachingRoles lists Moodle's short names of the roles that never get a badge by rule.
var teachingRoles = []string{"editingteacher", "teacher", "manager", "coursecreator"}

func moodleRoster(ctx context.Context, client *moodle.Client, course moodle.CourseID) ([]badges.Member, error) {
	participants, err := client.Roster(ctx, course)
	if err != nil {
		return nil, fmt.Errorf("read roster: %w", err)
	}
	members := make([]badges.Member, len(participants))
	for i, p := range participants {
		members[i] = badges.Member{
			User: badges.UserID(p.ID), Name: p.Name, Username: p.Username, Email: p.Email,
			Language: strings.ReplaceAll(p.Language, "_", "-"),
			Active:   !p.Suspended, Teaches: p.HasRole(teachingRoles...),
		}.Carried()
		for _, g := range p.Groups {
			members[i].Groups = append(members[i].Groups, badges.GroupID(g))
		}
	}
	return members, nil
}

func moodleOutline(ctx context.Context, client *moodle.Client, course moodle.CourseID) (badges.Outline, error) {
	var outline badges.Outline
	activities, err := client.Activities(ctx, course)
	if err != nil {
		return badges.Outline{}, fmt.Errorf("read activities: %w", err)
	}
	for _, a := range activities {
		outline.Activities = append(outline.Activities, badges.Activity{
			ID: badges.ActivityID(a.ID), Name: badges.CarriedName(a.Name), Module: badges.CarriedName(a.Module), Section: badges.CarriedName(a.Section), Completion: a.Tracked,
			// If Moodle does not say whether there is a grade, the teacher can use the
			// activity. If that is wrong, the grade stays unknown and nothing is awarded.
			Graded: a.Grading != moodle.Ungraded,
		})
	}
	groups, err := client.Groups(ctx, course)
	switch moodle.ReasonOf(err) { //nolint:exhaustive // the others concern the course or the site
	case moodle.FunctionMissing, moodle.CapabilityMissing:
		outline.Unread = []badges.RuleKind{badges.GroupMember}
		return outline, nil
	}
	if err != nil {
		return badges.Outline{}, fmt.Errorf("read groups: %w", err)
	}
	for _, g := range groups {
		outline.Groups = append(outline.Groups, badges.Group{ID: badges.GroupID(g.ID), Name: badges.CarriedName(g.Name)})
	}
	return outline, nil
}

func moodleUsers(users []badges.UserID) []moodle.UserID {
	list := make([]moodle.UserID, len(users))
	for i, u := range users {
		list[i] = moodle.UserID(u)
	}
	return list
}
