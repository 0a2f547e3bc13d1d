package lti

// Begin returns the state parameter of a login that is over at a time, in Unix
// seconds, for launches that were recorded with a nonce of their own.
func (t *Tool) Begin(registration RegistrationID, nonce, cookie string, expires int64) (string, error) {
	return t.seal(state{Nonce: nonce, Browser: hash(cookie), Registration: registration, Target: t.cfg.LaunchPath, Expires: expires})
}

// TargetOf returns the path that a state leads to.
func (t *Tool) TargetOf(parameter string) string {
	s, err := t.unseal(parameter)
	if err != nil {
		return err.Error()
	}
	return s.Target
}
