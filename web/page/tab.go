package page

import (
	"net/http"
	"strings"

	"github.com/gorilla/mux"
	"github.com/gorilla/securecookie"

	"github.com/insigne-badges/insigne/internal/fault"
)

// TabHeader is the header with the token of a session that lives in one tab, because
// the browser keeps no cookies for us. The token is never part of an address.
const TabHeader = "X-Insigne-Session"

// TabToken returns the session as TabHeader carries it: encrypted and signed, with the
// same lifetime as the cookie.
func (st *Sessions) TabToken(who Session) (string, error) {
	text, err := encodeJSON(who)
	if err != nil {
		return "", err
	}
	return securecookie.EncodeMulti(TabHeader+who.Handle, sessionValues{sessionValue: text}, st.frame.Codecs...)
}

// readTab reads the session from TabHeader into who. found is false if the request has
// no such header.
func (st *Sessions) readTab(r *http.Request, who *Session) (found bool, err error) {
	token := r.Header.Get(TabHeader)
	if token == "" {
		return false, nil
	}
	var values sessionValues
	if err := securecookie.DecodeMulti(TabHeader+mux.Vars(r)["session"], token, &values, st.frame.Codecs...); err != nil {
		return true, fault.Wrap(err, fault.Unauthenticated, "problem.session_expired")
	}
	text, _ := values[sessionValue].(string)
	return true, decodeJSON(strings.NewReader(text), who)
}
