package web

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/insigne-badges/insigne/lti"
)

// refusedLogins remembers which logins were refused since the process began, for
// whoever wonders why an LMS never arrives. Anybody can begin logins, so that
// nothing is written, and the latest alone are kept.
type refusedLogins struct {
	mu   sync.Mutex
	list []refusedLogin // the latest first
}

// refusedLogin is what was refused in the same way, one time or more.
type refusedLogin struct {
	At       time.Time // the last time
	Times    int
	Issuer   string // as it was sent, shortened: nobody vouches for it
	ClientID string
	Reason   lti.Reason
	Fix      fix
}

const refusedLoginsKept = 20

func (l *refusedLogins) note(at time.Time, request lti.LoginRequest, err error) {
	refusal, ok := errors.AsType[*lti.Error](err)
	if !ok {
		return
	}
	r := refusedLogin{At: at, Times: 1, Issuer: shortened(request.Issuer), ClientID: shortened(request.ClientID), Reason: refusal.Reason, Fix: fixOf(refusal.Reason)}
	l.mu.Lock()
	defer l.mu.Unlock()
	same := slices.IndexFunc(l.list, func(o refusedLogin) bool {
		return o.Issuer == r.Issuer && o.ClientID == r.ClientID && o.Reason == r.Reason
	})
	if same >= 0 {
		r.Times += l.list[same].Times
		l.list = slices.Delete(l.list, same, same+1)
	}
	l.list = slices.Insert(l.list, 0, r)
	l.list = l.list[:min(len(l.list), refusedLoginsKept)]
}

func (l *refusedLogins) latest() []refusedLogin {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list)
}
