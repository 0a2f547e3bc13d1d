package page

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"
	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// Session lifetimes, in seconds.
const (
	frameSessionSeconds = 8 * 60 * 60
	adminSessionSeconds = 2 * 60 * 60
)

// Sessions writes and reads sessions in encrypted cookies, with gorilla/sessions.
type Sessions struct {
	frame, admin *sessions.CookieStore
	handleKey    []byte
	random       io.Reader
}

// Keys returns a key for a purpose, made from the operator's secret.
type Keys interface {
	Key(purpose string) ([]byte, error)
}

// NewSessions returns Sessions that signs and encrypts with keys. Form tokens come from
// random.
func NewSessions(from Keys, random io.Reader) (*Sessions, error) {
	var keys [3][]byte
	for i, purpose := range []string{"session/sign", "session/encrypt", "session/handle"} {
		key, err := from.Key(purpose)
		if err != nil {
			return nil, err
		}
		keys[i] = key
	}
	st := &Sessions{handleKey: keys[2], random: random}
	st.frame = sessions.NewCookieStore(keys[0], keys[1])
	st.frame.MaxAge(frameSessionSeconds)
	// The LMS embeds these pages from another site, so we need SameSite=None. The
	// cross-origin check and the token in each form give the protection that SameSite
	// would give.
	st.frame.Options = &sessions.Options{
		Path: "/", MaxAge: frameSessionSeconds, Secure: true, HttpOnly: true,
		SameSite: http.SameSiteNoneMode, Partitioned: true,
	}
	st.admin = sessions.NewCookieStore(keys[0], keys[1])
	st.admin.MaxAge(adminSessionSeconds)
	st.admin.Options = &sessions.Options{
		Path: "/", MaxAge: adminSessionSeconds, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	for _, codec := range slices.Concat(st.frame.Codecs, st.admin.Codecs) {
		if c, ok := codec.(*securecookie.SecureCookie); ok {
			c.MaxLength(0) // no limit: ids of an LMS may be long; if a browser refuses the cookie, a page explains it
			c.SetSerializer(sessionText{})
		}
	}
	return st, nil
}

// handle returns the id of a person's session in a course. It is no secret.
func (st *Sessions) handle(course badges.CourseKey, user badges.UserID) string {
	mac := hmac.New(sha256.New, st.handleKey)
	// JSON keeps the three parts apart, whatever they contain.
	_ = json.NewEncoder(mac).Encode([]string{string(course.Platform), string(course.Context), string(user)})
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

const (
	frameCookie  = "__Host-insigne-"
	adminCookie  = "__Host-insigne-admin"
	sessionValue = "session"
)

// Begin returns who with its handle and a new form token.
func (st *Sessions) Begin(who Session) (Session, error) {
	who.Handle = st.handle(who.Course, who.User)
	var err error
	who.CSRF, err = st.newCSRF()
	return who, err
}

// Start writes the session to a cookie. It replaces an older session of the same person
// and course. If there are many sessions of other courses, it ends the oldest.
func (st *Sessions) Start(w http.ResponseWriter, r *http.Request, who Session) error {
	fresh := sessions.NewSession(st.frame, frameCookie+who.Handle)
	options := *st.frame.Options
	fresh.Options = &options
	st.endOldest(w, r, fresh.Name())
	return saveSession(w, r, fresh, who)
}

// Read returns the session that the path names. The error is fault.Unauthenticated if
// the cookie is missing, has expired or was not made by us.
func (st *Sessions) Read(r *http.Request) (Session, error) {
	handle := mux.Vars(r)["session"]
	var who Session
	inTab, err := st.readTab(r, &who)
	if !inTab {
		err = readSession(st.frame, r, frameCookie+handle, &who)
	}
	if err != nil {
		return Session{}, err
	}
	if who.Handle != handle {
		return Session{}, fault.New(fault.Unauthenticated, "problem.session_expired")
	}
	return who, nil
}

// StartAdmin starts the session of an administrator who signed in.
func (st *Sessions) StartAdmin(w http.ResponseWriter, r *http.Request) error {
	csrf, err := st.newCSRF()
	if err != nil {
		return err
	}
	fresh := sessions.NewSession(st.admin, adminCookie)
	options := *st.admin.Options
	fresh.Options = &options
	return saveSession(w, r, fresh, AdminSession{CSRF: csrf})
}

// ReadAdmin returns the administrator's session. The error is fault.Unauthenticated if
// there is none.
func (st *Sessions) ReadAdmin(r *http.Request) (AdminSession, error) {
	var admin AdminSession
	if err := readSession(st.admin, r, adminCookie, &admin); err != nil {
		return AdminSession{}, fault.Wrap(err, fault.Unauthenticated, "problem.admin_sign_in")
	}
	return admin, nil
}

// newCSRF returns 256 random bits as URL-safe text.
func (st *Sessions) newCSRF() (string, error) {
	var raw [32]byte
	if _, err := io.ReadFull(st.random, raw[:]); err != nil {
		return "", fmt.Errorf("make token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}

func saveSession(w http.ResponseWriter, r *http.Request, session *sessions.Session, value any) error {
	text, err := encodeJSON(value)
	if err != nil {
		return err
	}
	session.Values = sessionValues{sessionValue: text}
	if err := session.Save(r, w); err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	return nil
}

func readSession(st *sessions.CookieStore, r *http.Request, name string, value any) error {
	session, err := st.New(r, name)
	if err != nil {
		return fault.Wrap(err, fault.Unauthenticated, "problem.session_expired")
	}
	text, ok := session.Values[sessionValue].(string)
	if !ok {
		return fault.New(fault.Unauthenticated, "problem.session_expired")
	}
	return decodeJSON(strings.NewReader(text), value)
}

// sessionValues is the type of the values of a session in gorilla/sessions; ours has
// one value.
type sessionValues = map[any]any

// sessionText writes our one value as plain text. The default of the library, gob, adds
// a description of the types to every cookie and reads it again with every request.
type sessionText struct{}

// Serialize implements securecookie.Serializer for sessionValues.
func (sessionText) Serialize(values any) ([]byte, error) {
	v, _ := values.(sessionValues)
	text, ok := v[sessionValue].(string)
	if !ok {
		return nil, fmt.Errorf("a session cannot be %T", values)
	}
	return []byte(text), nil
}

// Deserialize implements securecookie.Serializer for *sessionValues.
func (sessionText) Deserialize(text []byte, values any) error {
	v, ok := values.(*sessionValues)
	if !ok {
		return fmt.Errorf("a session cannot be read into %T", values)
	}
	*v = sessionValues{sessionValue: string(text)}
	return nil
}

func encodeJSON(value any) (string, error) {
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false) // it is never in a page, and escaping doubles its length
	if err := e.Encode(value); err != nil {
		return "", fmt.Errorf("encode session: %w", err)
	}
	return strings.TrimSuffix(text.String(), "\n"), nil
}

// decodeJSON decodes text into value. An older version of Insigne may have written text
// that we cannot decode: then the session has expired.
func decodeJSON(text io.Reader, value any) error {
	if err := json.NewDecoder(text).Decode(value); err != nil {
		return fault.Wrap(err, fault.Unauthenticated, "problem.session_expired")
	}
	return nil
}
