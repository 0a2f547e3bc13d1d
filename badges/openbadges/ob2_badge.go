package openbadges

import (
	"encoding/json"
	"strconv"
)

// BadgeClass is an Open Badges 2.0 badge definition.
type BadgeClass struct {
	Context     string            `json:"@context"`
	Type        string            `json:"type"`
	ID          string            `json:"id"`
	Name        string            `json:"name"`
	Description string            `json:"description"`
	Image       ImageObject       `json:"image"`
	Criteria    Criteria          `json:"criteria"`
	Issuer      string            `json:"issuer"`
	Alignment   []AlignmentObject `json:"alignment,omitempty"`
	Tags        []string          `json:"tags,omitempty"`
	Language    string            `json:"@language,omitempty"`
	Version     string            `json:"version,omitempty"`
	Related     []RelatedClass    `json:"related,omitempty"`
}

// ImageObject is a picture. Without a caption it is written as its address, the
// form that every reader takes.
type ImageObject struct{ ID, Caption string }

// imageObject is the long form of a picture.
type imageObject struct {
	Type    string `json:"type"`
	ID      string `json:"id"`
	Caption string `json:"caption,omitempty"`
}

// MarshalJSON writes the short form without a caption, else the long form.
func (i ImageObject) MarshalJSON() ([]byte, error) {
	if i.Caption == "" {
		return json.Marshal(i.ID)
	}
	return json.Marshal(imageObject{Type: "Image", ID: i.ID, Caption: i.Caption})
}

// UnmarshalJSON reads both forms.
func (i *ImageObject) UnmarshalJSON(data []byte) error {
	if !isJSON(data) {
		return json.Unmarshal(data, &i.ID)
	}
	var long imageObject
	err := json.Unmarshal(data, &long)
	i.ID, i.Caption = long.ID, long.Caption
	return err
}

// Criteria is what a learner has to do to earn a badge, in both generations.
type Criteria struct {
	Narrative string `json:"narrative"`
}

// AlignmentObject is an entry of a competence framework.
type AlignmentObject struct {
	Type              string `json:"type"`
	TargetName        string `json:"targetName"`
	TargetURL         string `json:"targetUrl"`
	TargetDescription string `json:"targetDescription,omitempty"`
	TargetFramework   string `json:"targetFramework,omitempty"`
	TargetCode        string `json:"targetCode,omitempty"`
}

// RelatedClass is the same badge in another language.
type RelatedClass struct {
	Type     string `json:"type"`
	ID       string `json:"id"`
	Language string `json:"@language"`
}

// NewBadgeClass returns the 2.0 document of a badge, or an *InputError. A caption
// that only repeats the name is left out.
func NewBadgeClass(b Badge) (BadgeClass, error) {
	if err := b.Check(); err != nil {
		return BadgeClass{}, err
	}
	document := BadgeClass{
		Context: Context2, Type: "BadgeClass", ID: b.Address, Name: b.Name, Description: b.Description,
		Image: ImageObject{ID: b.Image.Address, Caption: b.caption()}, Criteria: Criteria{Narrative: b.Criteria},
		Issuer: b.Organisation.Address, Tags: b.Tags, Language: b.Language, Version: b.Version,
	}
	for _, a := range b.alignments() {
		document.Alignment = append(document.Alignment, AlignmentObject{
			Type: "AlignmentObject", TargetName: a.Name, TargetURL: uri(a.URL), TargetDescription: a.Description,
			TargetFramework: a.Framework, TargetCode: a.Code,
		})
	}
	for _, e := range b.Editions {
		document.Related = append(document.Related, RelatedClass{Type: "BadgeClass", ID: e.Address, Language: e.Language})
	}
	return document, nil
}

// caption returns the caption of the picture, unless it only repeats the name.
func (b Badge) caption() string {
	if b.Image.Caption == b.Name {
		return ""
	}
	return b.Image.Caption
}

// alignments returns the alignments of a badge. The last is its level: neither
// standard has a field for it.
func (b Badge) alignments() []Alignment {
	if b.Level == 0 {
		return b.Alignments
	}
	level := strconv.Itoa(b.Level)
	return append(b.Alignments[:len(b.Alignments):len(b.Alignments)], Alignment{
		Name: b.LevelName, Framework: "European Qualifications Framework", Code: level,
		URL: "http://data.europa.eu/snb/eqf/" + level,
	})
}
