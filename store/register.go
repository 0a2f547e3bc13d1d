package store

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// Register returns what decides the outlooks of a course's learners for some
// badges and their higher steps; for all badges that are switched on if none is
// named.
func (r reads) Register(ctx context.Context, key badges.CourseKey, of ...badges.BadgeID) (badges.Register, error) {
	list, err := r.BadgesOf(ctx, key)
	if err != nil {
		return badges.Register{}, err
	}
	register := badges.NewRegister(list)
	if len(of) == 0 {
		for _, b := range list {
			if b.State == badges.On {
				of = append(of, b.ID)
			}
		}
	}
	for _, badge := range of {
		for _, id := range append(register.Steps.Above(badge), badge) {
			if register.Holders[id] != nil {
				continue
			}
			if register.Holders[id], err = r.Holders(ctx, key, id); err != nil {
				return badges.Register{}, err
			}
			if register.PassedOver[id], err = r.PassedOver(ctx, key, id); err != nil {
				return badges.Register{}, err
			}
		}
	}
	return register, r.addErased(ctx, key, &register)
}

// RegisterOf returns what decides the outlooks of one learner for all badges of
// a course.
func (r reads) RegisterOf(ctx context.Context, key badges.CourseKey, user badges.UserID) (badges.Register, error) {
	list, err := r.BadgesOf(ctx, key)
	if err != nil {
		return badges.Register{}, err
	}
	register := badges.NewRegister(list)
	rows, err := r.q.QueryContext(ctx, `select a.badge_id, `+holdingColumns+holdingSource+`
		where a.platform_id = $1 and a.context_id = $2 and a.user_id = $3 and a.next_id = ''`, key.Platform, key.Context, user)
	_, err = all(rows, err, func(row row) (struct{}, error) {
		var badge badges.BadgeID
		h, err := scanHolding(row, &badge)
		register.Holders[badge] = map[badges.UserID]badges.Holding{user: h}
		return struct{}{}, err
	})
	if err != nil {
		return badges.Register{}, fmt.Errorf("read holdings: %w", err)
	}
	rows, err = r.q.QueryContext(ctx, `select p.badge_id from passed_over p join badges b on b.id = p.badge_id
		where b.platform_id = $1 and b.context_id = $2 and p.user_id = $3`, key.Platform, key.Context, user)
	_, err = all(rows, err, func(row row) (struct{}, error) {
		var badge badges.BadgeID
		err := row.Scan(&badge)
		register.PassedOver[badge] = map[badges.UserID]bool{user: true}
		return struct{}{}, err
	})
	if err != nil {
		return badges.Register{}, fmt.Errorf("read passed over: %w", err)
	}
	erased, err := r.erasedInCourse(ctx, key)
	for badge := range erased.hashes {
		if erased.Of(badge, user) {
			register.Erased[badge] = map[badges.UserID]bool{user: true}
		}
	}
	return register, err
}

// addErased adds the members who had an award erased.
func (r reads) addErased(ctx context.Context, key badges.CourseKey, register *badges.Register) error {
	erased, err := r.erasedInCourse(ctx, key)
	if err != nil || len(erased.hashes) == 0 {
		return err
	}
	members, err := r.Members(ctx, key)
	if err != nil {
		return err
	}
	for badge := range erased.hashes {
		register.Erased[badge] = map[badges.UserID]bool{}
		for _, m := range members {
			if erased.Of(badge, m.User) {
				register.Erased[badge][m.User] = true
			}
		}
	}
	return nil
}

// CaseOf returns the case of a learner for one badge, without evidence. A
// learner who was never seen in the course counts as one who left. It fails
// with fault.NotFound for a badge of another course.
func (r reads) CaseOf(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, user badges.UserID) (badges.Case, error) {
	register, err := r.RegisterOf(ctx, key, user)
	if err != nil {
		return badges.Case{}, err
	}
	b := register.Badge(badge)
	if b == nil {
		return badges.Case{}, fault.New(fault.NotFound, "problem.not_found")
	}
	m, err := r.Member(ctx, key, user)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return badges.Case{}, err
	}
	m.User = user
	return register.Cases(b).Of(m, nil), nil
}

// BadgesOf lists the badges of a course in any state, the oldest first.
func (r reads) BadgesOf(ctx context.Context, key badges.CourseKey) ([]badges.Badge, error) {
	rows, err := r.q.QueryContext(ctx, `select `+badgeColumns+badgeSource+`
		where b.platform_id = $1 and b.context_id = $2 order by b.created_at, b.id`, key.Platform, key.Context)
	list, err := all(rows, err, func(row row) (badges.Badge, error) { return scanBadge(row) })
	if err != nil {
		return nil, fmt.Errorf("read badges: %w", err)
	}
	return list, nil
}
