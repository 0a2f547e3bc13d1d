package connect

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/insigne-badges/insigne/lti"
)

// refusedLogins records the logins refused since the process started. They help an
// administrator whose LMS gets no further than the login. Anybody can start logins, so
// they are not stored, and only the latest are kept.
type refusedLogins struct {
	mu   sync.Mutex
	list []RefusedLogin // the latest first
}

// RefusedLogin is a login that was refused, once or several times in the same way.
type RefusedLogin struct {
	At       time.Time // of the last time
	Times    int
	Issuer   string // as the request said, shortened; not verified
	ClientID string // as the request said, shortened; not verified
	Reason   lti.Reason
	Fix      Fix
}

const refusedLoginsKept = 20

func (l *refusedLogins) note(at time.Time, request lti.LoginRequest, err error) {
	refusal, ok := errors.AsType[*lti.Error](err)
	if !ok {
		return
	}
	r := RefusedLogin{At: at, Times: 1, Issuer: shortened(request.Issuer), ClientID: shortened(request.ClientID), Reason: refusal.Reason, Fix: FixOf(refusal.Reason)}
	l.mu.Lock()
	defer l.mu.Unlock()
	same := slices.IndexFunc(l.list, func(o RefusedLogin) bool {
		return o.Issuer == r.Issuer && o.ClientID == r.ClientID && o.Reason == r.Reason
	})
	if same >= 0 {
		r.Times += l.list[same].Times
		l.list = slices.Delete(l.list, same, same+1)
	}
	l.list = slices.Insert(l.list, 0, r)
	l.list = l.list[:min(len(l.list), refusedLoginsKept)]
}

func (l *refusedLogins) latest() []RefusedLogin {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list)
}

// shortened returns text cut to the length that a page shows.
func shortened(text string) string {
	const longest = 120
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return text
}
