package lti

// Begin returns the state parameter of a login with the given nonce, for recorded
// launches. The login expires at a time in Unix seconds.
func (t *Tool) Begin(registration RegistrationID, nonce, cookie string, expires int64) (string, error) {
	return t.seal(state{Nonce: nonce, Browser: hash(cookie), Registration: registration, Target: t.cfg.LaunchPath, Expires: expires})
}

// TargetOf returns the target path in a state.
func (t *Tool) TargetOf(parameter string) string {
	s, err := t.unseal(parameter)
	if err != nil {
		return err.Error()
	}
	return s.Target
}
