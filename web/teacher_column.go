package web

import "net/http"

// setColumn adds the badge's column to the LMS's gradebook, or removes it.
func (s *Server) setColumn(w http.ResponseWriter, r *http.Request, who Session) error {
	badge, err := s.pathBadge(r, who)
	if err != nil {
		return err
	}
	if r.PostFormValue("column") == "on" {
		err = s.Columns.Add(r.Context(), badge)
	} else {
		err = s.Columns.Remove(r.Context(), who.Course, badge.ID)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, who.Path("/badges/"+string(badge.ID)))
}
