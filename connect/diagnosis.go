package connect

import (
	"context"
	"errors"
	"time"

	"golang.org/x/time/rate"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// launchesRead is how many of the last launches we show and compare.
const launchesRead = 100

// tolerableSkew is how much two clocks may differ before we warn an administrator. It
// is half of the difference that makes a launch fail.
const tolerableSkew = 30 * time.Second

// Diagnosis records why launches and logins were refused. It is safe for concurrent
// use.
type Diagnosis struct {
	store  *store.Store
	now    func() time.Time
	notes  *rate.Limiter // limits the refused launches that we store
	logins refusedLogins
}

// NewDiagnosis returns a Diagnosis without any logins yet.
func NewDiagnosis(st *store.Store, now func() time.Time) *Diagnosis {
	return &Diagnosis{store: st, now: now, notes: rate.NewLimiter(1, 20)}
}

// NoteLaunch stores why a launch was refused, if refused is an *lti.Error. Anybody can
// send launches, so it stores at most one a second and drops the rest.
func (d *Diagnosis) NoteLaunch(ctx context.Context, refused error) error {
	refusal, ok := errors.AsType[*lti.Error](refused)
	if !ok || !d.notes.AllowN(d.now(), 1) {
		return nil
	}
	note := store.LaunchNote{Reason: refusal.Reason, Platform: badges.PlatformID(refusal.Registration), Detail: refusal.Detail}
	return d.store.Tx(ctx, func(tx *store.Tx) error { return tx.NoteRefusal(ctx, note) })
}

// NoteLogin records why a login was refused, if refused is an *lti.Error.
func (d *Diagnosis) NoteLogin(request lti.LoginRequest, refused error) {
	d.logins.note(d.now(), request, refused)
}

// Logins returns the logins refused since the process started, the latest first.
func (d *Diagnosis) Logins() []RefusedLogin { return d.logins.latest() }

// Launch is a launch that succeeded or was refused.
type Launch struct {
	store.LaunchNote

	PlatformName string // empty if the platform is not connected
	Skewed       bool   // the two clocks differ too much
	Fix          Fix    // empty for a launch that succeeded
}

// Launches returns the last launches, the newest first.
func (d *Diagnosis) Launches(ctx context.Context) ([]Launch, error) {
	platforms, err := d.store.Platforms(ctx)
	if err != nil {
		return nil, err
	}
	names := map[badges.PlatformID]string{}
	for _, p := range platforms {
		names[p.ID] = p.Name
	}
	notes, err := d.store.Launches(ctx, launchesRead)
	if err != nil {
		return nil, err
	}
	list := make([]Launch, len(notes))
	for i, n := range notes {
		list[i] = Launch{LaunchNote: n, PlatformName: names[n.Platform], Skewed: n.Skew.Abs() > tolerableSkew}
		if n.Reason != "" {
			list[i].Fix = FixOf(n.Reason)
		}
	}
	return list, nil
}
