package campus

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// sessionKey is what Moodle puts into the addresses that change something for
// a person. There are no sessions here; it stays the same through a run.
func (c *Campus) sessionKey(p Person) string {
	mac := hmac.New(sha256.New, []byte(c.token))
	_, _ = mac.Write([]byte(strconv.FormatInt(p.ID, 10))) // never fails
	return hex.EncodeToString(mac.Sum(nil))[:10]
}

// session is whose session a key is of; the caller holds the lock.
func (c *Campus) session(key string) (Person, bool) {
	for _, p := range c.school.people {
		if hmac.Equal([]byte(c.sessionKey(p)), []byte(key)) {
			return p, true
		}
	}
	return Person{}, false
}
