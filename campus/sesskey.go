package campus

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// sessionKey returns the key that Moodle puts into addresses that change something for
// a person. The campus has no sessions; the key is the same during a run. The caller
// must hold the lock.
func (c *Campus) sessionKey(p Person) string {
	mac := hmac.New(sha256.New, []byte(c.token))
	_, _ = mac.Write([]byte(strconv.FormatInt(p.ID, 10))) // never fails
	key := hex.EncodeToString(mac.Sum(nil))[:10]
	c.sessions[key] = p.ID
	return key
}

// session returns the person of a session key. The caller must hold the lock.
func (c *Campus) session(key string) (Person, bool) {
	return c.school.person(c.sessions[key])
}
