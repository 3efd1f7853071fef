"""Given names, and what is called like one and is nobody. Small letters without accents; `perhaps` goes by them."""

# Names that are no other word, in any spelling of small and large letters.
_GIVEN = """
aaron abdul abigail adam adrian agnes ahmed aisha alan albert alejandro alex alexander alexandra alexis ali alice alicia
alison amanda amelia amina amy ana andrea andrew andy angela anita ann anna anne annie anthony antonio arthur ashley
audrey ava barbara beatrice becky ben benjamin bernard beth betty beverly brandon brenda brian bruce bryan caitlin
callum cameron camilla carla carlos caroline catherine cathy charles charlie charlotte chloe chris christina christine
christopher claire clara claudia colin connor craig cynthia daniel daniela danielle danny darren dave david deborah
debra denise dennis derek diana diane diego dominic donald donna doris dorothy douglas duncan dylan edith edward eileen
elaine eleanor elena elizabeth ella ellen ellie emily emma eric erica erik ethan eva evan evelyn fatima felix fernando
fiona florence frances francesca francisco fred gabriel gabriela gareth gary gemma geoffrey george gerald gloria gordon
graham greg gregory gustavo hannah harold harriet harry hassan heidi helen henry howard hugh hussein ian ibrahim imran
ingrid isaac isabel isabella ivan jackie jackson jacob jacqueline jake james jamie jan jane janet janice jason javier
jeff jeffrey jenna jennifer jenny jeremy jerry jesse jessica jill jim jimmy joan joanna joanne joe joel john johnny
jonathan jordan jorge jose joseph josephine josh joshua juan juanita judith judy julia julian julie juliet justin karen
karl kate katherine kathleen kathy katie keith kelly ken kenneth kevin khalid kieran kim kimberly kirsty kristen kyle
larry laura lauren laurence leah lee leo leon leonard leslie lewis liam linda lindsay lisa liz logan lois lorraine louis
louise lucas lucia lucy luis luke lydia lynn maddie madison malcolm manuel marcus margaret maria mariam marie marilyn
marina mario marion martha martin marvin mary mateo matt matthew maureen megan mehmet melanie melissa michael michelle
miguel mike mohamed mohammed molly monica muhammad nadia nancy naomi natalia natalie natasha nathan neil nicholas nicola
nicole nigel nikki nina noah nora norma olga oliver olivia omar oscar owen pamela patricia patrick paul paula pauline
pedro peggy peter phil philip phillip phyllis priya rachel rafael ralph raymond rebecca renee ricardo richard rita
robert roberto robyn roger ronald rosa rosie ross roy russell ruth ryan sally sam samantha samuel sandra sara sarah
scott sean sebastian sergio shannon sharon shaun sheila shirley simon sofia sophia sophie stanley stephanie stephen
steve steven stuart susan suzanne sylvia tamara tanya tara ted teresa terry theo theresa thomas tiffany tim timothy tina
toby todd tom tommy tony tracey tracy trevor tyler valerie vanessa vera veronica vicky victoria vincent virginia vivian
walter wayne wendy wesley william yasmin yolanda yusuf yvonne zachary zoe zoey
"""
# Names from further away: a capital letter is asked for, since some are words of another language.
_FOREIGN = """
abby adaeze agnieszka ahmet aiden alba aleksandr alfie alina alisha alondra alyssa amara amir anders aneta angharad
anjali anneliese anton anya aoife arjun arlo arturo ashleigh astrid aurelie ayesha aylin babajide bea beatriz becca
bella benoit bernadette bethany bianca bjorn bobby bogdan brad bradley brendan brooke camille caoimhe cara carmen
cassandra cassie catriona cecilia celine cerys chelsea cherise chidi chinedu chuy ciara cillian clare claudio cody
consuelo courtney daphne darius darnell declan deepak deidre delia delroy deshawn desmond devon dimitri divya dmitri
dmitry dolores dominik dwayne ebony edgar eduardo ekaterina eleni elias elif elise eliza elliot elodie elsa emeka emilia
emilio emre enrique eoin ernesto esperanza esther eugene ewan ezra faisal farah fatma fergus finn folake francois fraser
freja freya gaston gavin genevieve georgia georgina gethin gilbert giovanni giulia graciela gretchen guadalupe guillaume
guillermo gwen habib hamish hamza hans haruka harvey hector helena henrik hiroshi hoang hugo huw ida ifeoma igor ines
inga iona irene irina isaiah isla itzel jaden jaime jakub jamal jarrod jermaine jin joao joaquin johan johanna jorn
josie joyce jurgen kai kamal karim karina kasia katarzyna katya kavita kaylee keisha kendra kenji kerry kira klaus kofi
krzysztof kwame lachlan lakshmi lamar lars lasse latisha latoya laurent layla leila lena leticia linh linnea lorenzo
luca ludmila luigi luka lukasz lupe luz magda mahmoud maja malgorzata malik manuela marco marek margot marisol marquis
marta mathilde matteo matthias mattias mei mercedes mhairi mia mika mikkel milan milo mina minh miriam mohammad mona
monique mustafa myra nadine nayeli neha ngozi nguyen niamh nico nikhil nikolai nils nisha noor nuno obinna octavia
odette oisin oksana olaf oleg olena olu oluwaseun omari orla osama oskar padraig paloma paolo parker pascal patrice
paulo pavel pawel perry petra pierre pilar piotr pooja priti quentin quincy rahul raj rajesh ramon raquel rashid raul
ravi rekha reza rhys ricky rocco rodrigo rohan roman ronan rosalia rosalind rosario rowan roxanne ruben rui rupert
sabrina sade sadie sakura salma salman sandeep sanjay santiago saoirse saskia seamus selina serena sergei shanelle
shanice shauna shreya sienna sigrid silvia simone sinead siobhan skyler sneha solene sonia soren stefan stefano stella
sunil suresh sven svetlana takeshi tamika tanisha taras tariq tatiana temitope tess thabo theodora thiago thierry thuy
tobias tomas tomasz trisha tunde tyrone ulrich uma una ursula valentina vijay vikram viktor vladimir wanda wiktor
winston wojciech xavier ximena xiomara yelena yesenia yuki yusra yuto yvette zack zainab zara zbigniew zelda zeynep
zuzana
"""
# Names that are words as well: with a capital where a word would have none, or before what a person does.
_DOUBLE = """
amber angel art autumn basil bill bob brook carol chance chase chuck cliff crystal daisy dale dawn dean dick don drew
dusty earl eve faith frank gene ginger glen grace grant guy harmony hazel heath heather holly hope iris ivy jack jade
jasmine jean joy kit lance lane lily mark marshall mason max melody miles misty nick norm olive pat pearl penny pierce
poppy randy ray reed rich rob robin rocky rose rosemary ruby rusty sage sandy savannah scarlet skip sky star sterling
sue summer victor violet wade ward will willow woody
"""
# Goods, shops, places and days that are called after somebody.
_NAMESAKES = """
dr pepper
mr pibb
mr coffee
mr clean
ben & jerry's
ben and jerry's
jack daniel's
jack daniels
johnnie walker
captain morgan
tom collins
bloody mary
shirley temple
arnold palmer
sam adams
samuel adams
jim beam
trader joe's
papa john's
victoria's secret
carl's jr
jimmy john's
marks & spencer
marks and spencer
dave & buster's
wendy's
macy's
denny's
arby's
applebee's
domino's
mcdonald's
jersey mike's
sainsbury's
lloyd's
levi's
hershey's
reese's
kellogg's
campbell's
uncle ben's
aunt jemima
st patrick's day
saint patrick's day
valentine's day
mother's day
father's day
grace period
will call
olive garden
sunday roast
caesar salad
waldorf salad
tom yum
tom kha
earl grey
eggs benedict
general tso's
cherry garcia
ruby tuesday
rosemary bread
jack in the box
ralph lauren
tommy hilfiger
calvin klein
hugo boss
michael kors
marc jacobs
paul smith
ted baker
estee lauder
elizabeth arden
calvin's
chuck e. cheese
dick's sporting goods
bob evans
mary kay
stella artois
san pellegrino
santa claus
jose cuervo
don julio
philip morris
john deere
john lewis
harry winston
charles schwab
wells fargo
morgan stanley
jp morgan
merrill lynch
harley davidson
tim hortons
carolina reaper
virginia ham
tina's burritos
sloppy joe
sloppy joes
peter rabbit
harry potter
mickey mouse
winnie the pooh
ronald mcdonald
mercedes benz
mercedes-benz
alfa romeo
aston martin
amber alert
crystal palace
holly berries
monte carlo
santa barbara
santa monica
san jose
san diego
san francisco
san antonio
saint paul
st paul
st. paul
prince george
st louis
fort wayne
washington d.c.
victoria sponge
melba toast
peach melba
jordan river
air jordan
air jordans
nashville hot
"""

GIVEN, FOREIGN, DOUBLE = (frozenset(words.split()) for words in (_GIVEN, _FOREIGN, _DOUBLE))
NAMESAKES = tuple(_NAMESAKES.strip().splitlines())
