package keyring

import (
	"sync"
	"time"
)

// MaxAge is how long Issuers uses keys that it read. Meanwhile another process may
// have changed them: it may take so long until a key that an administrator promoted
// signs everywhere. Within a process every change is seen at once.
const MaxAge = 30 * time.Second

// maxOpened is the number of organisations whose keys stay opened. Each takes about
// 20 kB after some years.
const maxOpened = 1000

// openIssuer has the opened sets of an organisation, in the order of ForIssuer.
type openIssuer struct {
	sets   []openSet
	readAt time.Time
}

// fresh reports whether the keys need not be read again at now.
func (o openIssuer) fresh(now time.Time) bool {
	return o.sets != nil && !now.Before(o.readAt) && now.Sub(o.readAt) < MaxAge
}

func (o openIssuer) keysAt(now time.Time) []Key {
	var keys []Key
	for _, set := range o.sets {
		keys = append(keys, set.keysAt(now)...)
	}
	return keys
}

// empty reports whether there is no key. Those of an organisation that is new or
// does not exist are not kept, so that invented ids take no memory.
func (o openIssuer) empty() bool { return len(o.keysAt(o.readAt)) == 0 }

// openedIssuers keeps opened keys, by the id of their organisation. The zero value is
// ready for use. It is safe for concurrent use.
type openedIssuers struct {
	mu      sync.Mutex
	by      map[string]openIssuer
	changes int // calls of outdate; see put
}

// get returns the opened keys of an organisation, and what put needs to store newer
// ones. They may be old, and are empty if there are none.
func (o *openedIssuers) get(issuer string) (known openIssuer, changes int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.by[issuer], o.changes
}

// put keeps keys that were read after get returned changes. It does not if keys were
// changed since, because they may have been read before that.
func (o *openedIssuers) put(issuer string, read openIssuer, changes int) {
	if read.empty() {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.changes != changes {
		return
	}
	if o.by == nil {
		o.by = map[string]openIssuer{}
	}
	if _, ok := o.by[issuer]; !ok && len(o.by) >= maxOpened {
		delete(o.by, o.oldest())
	}
	o.by[issuer] = read
}

// oldest returns the organisation whose keys were read first.
func (o *openedIssuers) oldest() (issuer string) {
	var first time.Time
	for id, known := range o.by {
		if issuer == "" || known.readAt.Before(first) {
			issuer, first = id, known.readAt
		}
	}
	return issuer
}

// outdate makes the next call of Keys read the keys of an organisation. Those that
// have not changed need not be opened again.
func (o *openedIssuers) outdate(issuer string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if known, ok := o.by[issuer]; ok {
		known.readAt = time.Time{}
		o.by[issuer] = known
	}
	o.changes++
}
