# ruff: noqa: SIM905 - a word list reads better as one string
"""Real words: English words that lie one slip from a word for music and are no slip of it.

Conventions: lower case; taken from the pronouncing dictionary of Carnegie Mellon University (BSD), names included.
This module does not know words that are far from words for music: those need no guard.
"""

from __future__ import annotations

REAL_WORDS = frozenset(
    """
acary achill acoustics acting adger adrenalin advent adverb advertisements advest aerie aerobic afresh africa
africans aggressions aging agitate agner alard alarms alger allegra allegretti american americanas americano
americans ander andie andry angel angers angert angier angler animations anker anthea anthems anthes arabia arabians
arabica arabie arcade arcana arcand arches arching arden ardene arent argent ariane arment arousing astride auger
averse avert award backgrounds badly badness bagging bagpiper balan balentine balian balkans balkin balla ballade
ballard ballas balle balled baller balles ballets ballew balliet ballot balls bamba banco banding bange banger bangs
banking banning bantu banyu barging bargo baring baritones barkan bartone basco bassa basse bassi battlefields beaks
beals bedding belak belated bella bellas belle belles belli bellis bellm bellow belly belts bender bently bento
berls berning berry besso biddle biddy bierce biery biking billet bills billy binger binging bingle bingo binner
binning birthdays bisso bitar bither bitty blass bleam bleau bleck bleeping bless blight blips blish blitch bloating
blobby block bloss blowing blushes bobby bogging bogie bogle boice boldly boldness bolls bolly bomber bonzo boody
bookie bookshops bookstop bookstores boomed bootie bopera borns borror borrow bougie bounce boundy bounty bourret
bouse brace bradway brags brake brame brams brand brase brash brasso brassy brats braved braver braves bravo breads
break breaky bream brede bress bribe brice brick briden brides bridges brief brightening brill brine brink briski
brisky brite broadaway brode brooking bross bruning brushed bruss bubble buena buening buffering bugge bugles buick
bulge bullet bulls bumbly bummed bumping bunchy bungle bunning bunny burials burian burling burnings burping burying
bushes cabana cabarets caching cahasa cahill cajun callery calling cally calves calving calypsos camber caning
cannata canon canson cantara capella capon capped capping caracas cardoon carel cargo carin carine carini carino
carling carll carlo carlos carls carnivals carob carole carolus caron carow carping carrol carting carton cartoons
carving caryl casing cason casso caton cavern caves caving ceaser ceasing ceding celebrations cells cenergy chair
chait chambers chana chand chandon chang channon chanos chants chany chaps chart chason chats chaus chaves cheater
cheek cheeks cheely cheer cheers cheesy chell cheng cherry chery chianese chides child childree childrens childres
childrey chile chiles chili chiller chills chime chimed chimps ching chives chopping chorals chords chortle chortles
chrisp christman cindie cirrus cisco claes clamber clamping clamps clams clans clapp clasby clasp class classrooms
claus claws clays cleaves climes clipping clips clock cloves clucks coble cocke cockey cocks codding coffeehouses
cohill coking colli colly combats comber comely comforts comic coming commerciale commerical comport comsat conca
concentrations concert concerti concerts conder confidant confidences congo conical coody cooing coping coral
corbell corbet cording corking corky corne cornea cornel corner cornett corney corns coronet corporates corset corte
cosic couse cowbells cowell cowing crace crance craps crass crave craves cream creecy creek creely creep creeps
crescenzo crill crilly crimes crimp crips crise crispo crisps crispy criss crist crushes cumbias cumbie cumming
curing curios cystic dabber danger danner dargan daring darman daunted daunting davern decrescenzo dedicate
deductive defeats defect defected defined deflection defrain denner dense densely dentists depresses depressions
deriving derry deserter deserved desir desired desiree desires despain despairs detaches detected determine
determines dewire dicks diddle diddy diener diery dilly diner dinger dingle dining dinners dinning dippy dispair
dither ditty dively diving doble dobry dogging doggy dolly domed domical donder donner doody doogie doran doria
douse dousing doyal drace dramas dramatics dread dreams dreamt dressing drills dripping droll drumming drying dudek
dudgeon dudik duena dumping dungeons durning dutro dynamics earful earning easing eight either ejected elate elater
elates elector electra electron electronics elevators elude eludes enchanter ender energize energizer energizes
enger entergy error ethic ethnics ewing excised excite excites exercised exerciser exercises exhibitions exited
exiting exploding explosives exude exudes eyrie fadness fairytales false fanger fanny fargo faring fateful faxes
feels feight fellow fells fender ferment ferry festiva fiddled fiddler fiddles fiercer fiero fiers fightings fights
filly finery finger fingers fining finning fistful flapping flaps flesh flight flinty flirt flirts fliss float
floats flock flour flouting fludd fluids focal folly fonder fonte foote force forde foree foret forge forgy forie
forking forse fortes forth forti forts forty fouse frace france fravel freaks frech freeh freels frese friddle
friedly frill frisk frost frosts froze frush frying fuddle funerals fuson fuston gabbert gaber gabler gaddy gainful
galentine galler gallet galley gamber gambia gamboa gamelin gamma ganger ganging gangs ganic garand garber garing
garols geena gelli gender gentry gerace gerry ghastly gibes gilly ginger gingles ginning glace gland glassy glick
gloating gloom glowing gluck glues goble goding goings golly gonder goody gooey goofs grabber grabe graced graces
gracey graci gracie graco gracy gradation grade graduations graef grafe grage grama grana granda grande grandi
grands grandt grandy grange grano grant granz grape grass grate grateful gratefully graue gravel graven graver
graves gravy grawe graye graze greave greed greeks green greer greet greif gresh greve grice grieb griep grier gries
griff grill grind griping groce groove grousing grove grudge grund grungy guido guire gummed gunny gushed hallet
hammon hammonds hammons handballs handbills handclasp hanger hanging hanson haring harkness harmonic harmonics
hashed hause hawaiians haymond hazel heartbreaks heater heels hello hemmed hemming hentic heroics heroin hicks hight
hiking hilling hilly himes hindustan hinger hingle hither hitty hively hobby hodes hogging holaday holidays holliday
holly hollywood hombre homeless homey homily honse hooky hoops hoose hoped hopping horne hornet hornor horns horny
horrors horse hospitals houde houge houle house housed housel housen houser houses housh housing houze hoving howse
humerous hummel hummer humped hunted hunting husted hyder hyler hymans hymas hymer hymes hymnals hypes hypnotics
hyser imperia imperiale imperil impressionists incense india indiana indians indic indies indite industria
industriale industriali industrials inger ingle ingles inner inning innocenti innocents insomniac intensify
interludes intimated intimates intra introductions intron intros isolate isolates jacky jangle jasso jaunt jaunts
javanese jelly jerry jersian jibes jiggle joice jolla jolley journeys jowly joyal jumping jungle jungles jurney
karol keels keena kelli kellow kells kender kerry kiddle kiddy kight kindergartens kinks kinner kirks kitty klemmer
klock klute knicks knoble koble kombat kooks koops kopera korns korte kosky krass krill lakin lammond langer
languish languished lapin lapped lapping larco large lasso latina latini latino latins laton lattin lavely lavin
learning leaser leasing leder leeder leena legal leider lender lenton lents lentz lenzo libby licks liddle liddy
lieber liedel liefer liener lieser light lighting likely liking lilly linder linger lingers lingle lining lippy
littering litty livery livid living local locals lodging logging lolly longe longings longino longo longs looby
looking looks loomed looming looms loons loopy loosing looting lopping lordly loring losing lounges lounging louse
lovell lovie lovin lovings lovins lowing lowly loyal lucks lueder luick lumping lunge lunging lunny lydia lydic
lyrics lyris madly madness magic majesta malabre mallery mallet mallow mamba manac manger mango mania maniac manik
manioc manis mapped mapping maraca marathons march marched marcher marchers marchese marchesi marchi marco margo
maring marky marry marshes massaged massager massages masso mastery match matches matherly matic medal mediating
medicating mediums melican melli mellon mellor melodic mental mento mercy message mexicana mexicano mexicans middle
might migues milly miner minet minger mingle mingles minimalist mining minister minner minors minute minutes missy
mistic mistry mists moderated moderates moderator moira moldy molly mondy monet mongolia moods mooty moret morgan
morry mosie motel moten motes motionless moton motte moudy mouse movies moving mowdy moxie mucky mumbo murdy murial
murry murty museums musky musty mystere mystics naeve nager napolitan napped napping native natively neace neels
nelli nicks nieder night nightclubs nilly nippy nitro nitty nobbe nobel nobile nobler nobles noblet nobly nogle
nordica nordin nordio norte notifications officer offices omani onder operan operas opere opining orand orientals
osting ottman outdo outgo outgun outran outruns overtures overturf overturn owing pacey paging palates pallet panful
panic paring parity pasion passage passino passions passon pastora patin paunchy peach peake peale pearce peasant
pease pectic peels pellow pence pender pension peppi perce permian perry persia persians peruvians pesce petal
pheasant philly phone phony pianos piccola piccoli picks piddle pierce pigue pilate pilatus piling pimping pinging
pinner pinning piping pirates place placed placida placido placoid plaid plane plated plates pleasants plock plowing
pluck plucky poise polak polly ponder poops poppy porte posed positives pouncy prance preclude precludes premo
preppy preschools prest presta presti preston price prided prides pried prill prime primo prine prisk prize promos
proms propound proto prout provo prude prussian pryde prying pulping puming punch puppy purify pursuits pushed pyper
quack queena quiets quiett quilt quina quint quinter quirk quirke quirks quiry quist quite rabid racing radant ragin
raking rambo ramping rance ranger ranging raped rapids raping rappe rapper rasped rating ravage ravel raveling
raving razing reaser rebellions rebels recorded recorders reebs reeds reefs reeks reelection refiled refine refiner
refines reflections refrains regale regan regas regel reined rejected related relating relaxes relayed renal render
reorder repels repressed repressing repression restaurants restive resto retrain reusing revels reverend rhoades
rhode rhoden rhodies rhodus ricks riddle ridge rieder right rightly rightness rigorous ringer ringers ringing ringle
ripped ripping rippy roadway robby roble rocky rodes rogal rolly romain roman romances romania romanik romann romano
romans romany rosing rossing rosty rouse routing roving roxani royale royall royals roybal rozen runge runny rushed
rushes russia russians russin russman sacked safes sages saker sakes sales sally salvage sambre sames samoa sandness
sanger santer santor santoro santy sapped sapping sarage sardas sardo sarene saros sasse sassi sasso sassoon sates
satin sauvage savaged savages saves sawing saxer scale scandinavia scandinavians scanty scape scarce scared scares
scarf scaring scarp scarry scars schamber scherz schill schilling scire score screaming scrod seedy seeping segal
selene sells sember sender senger sengers senor sense serena serenaded sereno sewing sexes shaber shader shadow
shadows shaer shafer shake shaken shakers shakes shakier shakir shakur shaler shammond shandy shaner shanker shant
shanti shantz share sharer sharm shaver shawl shawn sheedy sheet shena shenk shill shilling shine shing shinn
shipping shona shonk shouse siano siddle sideshow sieger siggers sight sighting signer signers signified signing
silky sills sinar siner singe singed singel singer single singler singles singling sinker sinking sinner sinners
sinning sissy sitars siting sitmar sixes skare skeet slapping slaps slated slaves sleep sleeps sleet sling slinger
slinging slowey slowing smoothing snagger snake snaking snape snared snares snarl snarr snore soaker sober soble
socal soggy solem solemin soliday solly somer sommer songer songs sonny sophisticate sophisticates sopping sopranos
sorber soundtracks sowing space spaced spacek spacer spaces spacex spack spady spare sparking sparkle sparky
sparling speaking speed speeds spera spicey spicy spiny spirituals spook spooks springs stacey stacy stadiums
stagger staker stang stanger stanish stare starkly starring stary stavely stealthy steaming steelman stender stenger
stieg stiger stine stiner stinger stingers stingier stinging stingy stink stint stirling stirrings stitely stong
stopping storey storm storms story streaking strengths strider strides strife strike strine string stringer stringy
stripe strite strive strode stude stung stylist sufferings suing sully summed summing sundy sunlite sunni
supermarkets surrell sutro swager swanger swauger sweat sween sweep sweeping sweets swenet swept swete swett swine
swinger swingers swinging swings swink swint swogger swung synthesize synthesized synthesizers table tables tacky
tambo tamburo tamura tanger tapped tapping taser tasso taunted taunting tavel tavera taverna taverns taxes teamer
teaming tearing teased teases teaster teater tedder tedium teena tells tended tenders tendler tener tenner tenore
tenors tenses tensions tensor tenzer terrors terry terse tersely thaser theaters theatre therein thill thistle
thorns thrilled thrillers tibetans ticks tierce tight tigue tilly tinder tingle tippy tolly tonal tonga tongs toops
torte tourney trace trailed trailers trainer tramel tranche trane tranquillity trapped trapping travels traver
trawler traxler treater trial triangles trill trilling tripp trippe tripping trish triumphs trying tunny turning
tweet twitty tympanic typed underscored underscores unease unger unimation unkind unwin urgen valentin valentina
valentines valentini valentino vales valle vallery valliant value valve vapid vaporware vargo variant vaunted vause
vaxes vento verde verena verene verge verna verry versa vesna viber vices vicks victor victors vigue vikes viles
vines vining viole violet violett violins vires visco vives vivie vocalists voiced voila voiles volentine vonder
vorce wacko wacks waging waive wallet waltzer wander wanger wapping wards wargo warily waring warmoth warmuth warth
waxes weedy weeny weeps welding wells wender wenning werking werry whining whiny whistled whistler whistles whitling
whittle whittling whitty whopping wicks widdle wieder wight willy wincing winder winding winery winger wingers
winging wining winking winner winnings wishful wither witness witte witts wombat wonders woodlock woody woogie
wording workings wrapped wrapping wreaks wreath wright wunder yasso yearling yearnings yellow yells yender yinger
yonder younge youse zambo zanger zapped zapping zaring zemba zender zenor zestful zhang zinger zinner zippo zithers
zoomed
""".split()
)
