package campus

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// sessionKey is what Moodle puts into the addresses that change something for
// a person. There are no sessions here; it stays the same through a run. The
// caller holds the lock.
func (c *Campus) sessionKey(p Person) string {
	mac := hmac.New(sha256.New, []byte(c.token))
	_, _ = mac.Write([]byte(strconv.FormatInt(p.ID, 10))) // never fails
	key := hex.EncodeToString(mac.Sum(nil))[:10]
	c.sessions[key] = p.ID
	return key
}

// session is whose session a key is of; the caller holds the lock.
func (c *Campus) session(key string) (Person, bool) {
	return c.school.person(c.sessions[key])
}
