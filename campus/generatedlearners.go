package campus

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// firstInCrowd is the user id of the first generated learner. Lower ids belong to
// people whom tests and the demo use by name.
const firstInCrowd = 1001

// groupSize is the number of generated learners in one group.
const groupSize = 100

// nameSet is a language and names in that language.
type nameSet struct {
	lang        string
	first, last []string
}

func nameSets() [2]nameSet {
	names := func(list string) []string { return strings.Split(list, ", ") }
	return [2]nameSet{
		{
			"fr",
			names("Adèle, Amélie, Aurélien, Baptiste, Bérénice, Cédric, Chloé, Clément, Élise, Émile, Fanny, Félix, François, Gaëlle, Hugo, Inès, " +
				"Jean-Noël, Jérôme, Joëlle, Léa, Loïc, Maëlle, Maxime, Noémie, Océane, Pénélope, Raphaël, Rémi, Solène, Théo, Valérie, Zélie"),
			names("Aubert, Beaulieu, Bélanger, Besançon, Carpentier, Châtelain, D’Arcy, Delacroix, de La Fontaine, Étienne, Faure, Garçon, Giraud, Hébert, Jolivet, " +
				"Lacroix, Lambert, Lefèvre, Le Goff, Marchand, Moulin, Noël, Pâquet, Périer, Renaud, Rousseau, Saint-Pierre, Tessier, Vallée, Vasseur, Villeneuve, Yvon"),
		},
		{
			"en",
			names("Alice, Amelia, Arthur, Beatrix, Ben, Charlotte, Chloe, Daisy, Daniel, Edward, Eleanor, Finn, Freya, George, Grace, Harry, " +
				"Imogen, Isla, Jack, Jasmine, Keira, Leo, Lucy, Mason, Niamh, Oliver, Poppy, Rhys, Siobhán, Tilly, Victor, Zara"),
			names("Abbott, Baker, Barnes, Bennett, Carter, Clarke, Cooper, Dixon, Ellis, Fletcher, Foster, Grant, Harper, Hughes, Jenkins, Kelly, " +
				"Lawson, Lloyd, MacDonald, Marsh, Nash, O'Connor, O'Sullivan, Palmer, Quinn, Reid, Saunders, Smith-Jones, Turner, Walsh, Wright, Young"),
		},
	}
}

// crowd enrols generated learners in a course: the same ones with the same results each
// time, half of them French speakers. Their results are spread over the time since the
// course opened.
func (s *school) crowd(k *course, size int, opened time.Time) {
	random := rand.New(rand.NewPCG(courseID, firstInCrowd)) //nolint:gosec // not a secret: always the same people
	languages := nameSets()
	var g *group
	for i := range size {
		if i%groupSize == 0 {
			g = k.addGroup(fmt.Sprintf("TD %02d", i/groupSize+1))
		}
		person := languages[random.IntN(len(languages))].newPerson(int64(firstInCrowd+i), random)
		s.addAccount(person)
		p := k.enrol(person)
		g.join(p)
		k.inventResults(p, random, opened)
	}
}

// newPerson invents a person. Some of them have a suspended enrolment or account.
func (t nameSet) newPerson(id int64, random *rand.Rand) *Person {
	p := &Person{
		ID: id, First: t.first[random.IntN(len(t.first))], Last: t.last[random.IntN(len(t.last))], Lang: t.lang, Role: Student,
		SuspendedEnrolment: random.IntN(100) == 0, SuspendedAccount: random.IntN(200) == 0,
	}
	p.Email = fmt.Sprintf("%s.%s%d@example.org", letters(p.First), letters(p.Last), id)
	p.username, p.idNumber = fmt.Sprintf("u%02d", id), fmt.Sprintf("SIS-%04d", id)
	return p
}

// letters returns a name as used in an address: é becomes e, O'Connor becomes oconnor.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(name))
}

// inventResults invents a learner's results. One learner in twelve did nothing, and one
// in eight only read the page. The others have grades, most of them good enough to
// complete the course.
func (k *course) inventResults(p *participant, random *rand.Rand, opened time.Time) {
	lot := random.IntN(24)
	if lot < 2 {
		return
	}
	at := opened.Add(time.Duration(random.IntN(48*60*60)) * time.Second)
	k.view(p, PageCMID, at)
	if lot < 5 {
		return
	}
	essay, quiz := percent(random, 66, 18), percent(random, 72, 16)
	k.grade(p, EssayCMID, &essay, at.Add(time.Duration(random.IntN(12*60*60))*time.Second))
	k.grade(p, QuizCMID, &quiz, at.Add(time.Duration(12*60*60+random.IntN(11*60*60))*time.Second))
}

// percent returns a random grade around the mean, in steps of a half.
func percent(random *rand.Rand, mean, spread float64) float64 {
	steps := int(2 * (mean + spread*random.NormFloat64()))
	return float64(min(max(steps, 0), 200)) / 2
}
