# ruff: noqa: SIM905 - a word list reads better as one string
"""Real words: English words that lie one slip from a word for music and are no slip of it.

Conventions: lower case; taken from the pronouncing dictionary of Carnegie Mellon University (BSD), names included.
This module does not know words that are far from words for music: those need no guard.
"""

from __future__ import annotations

REAL_WORDS = frozenset(
    """
acary achill acoustics acting adger adrenalin advent adverb advertisements advest aerie aerobic afresh africa
africans ager aggressions aging agitate agner alam alar alard alarms alger allegra allegretti american americanas
americano americans ander andie andry ange angel angers angert angier angler angy animations anker anthea anthems
anthes arabia arabians arabica arabie arcade arcana arcand arch arches arching arden ardene arent argent argo ariane
arment arousing arty astride auger averse avert award axes backgrounds badly badness bagging bagpiper balan
balentine balian balkans balkin balla ballade ballard ballas balle balled baller balles ballets ballew balliet
ballot balls bamba banco banding bang bange banger bangs banh banking banning bantu banyu barging bargo baring
baritones barkan bartone basco bass bassa basse bassi battlefields beak beaks beals beat bedding belak belated bell
bella bellas belle belles belli bellis bellm bellow belly bels belts bender bently bento berls berning berry besso
biddle biddy bide bierce biery biking billet bills billy binger binging bingle bingo binner binning birthdays biss
bisso bitar bither bitty blass blea bleam bleau bleck bleeping bless blight blips blish blitch bloating blobby block
bloss blowing blue blushes bobby bogging bogie bogle boice boldly boldness bolls bolly bomber bong bono bonzo boody
bookie bookshops bookstop bookstores boomed bootie bopera borns borror borrow boss bougie bounce boundy bounty
bourret bouse brace bradway brae brags brake brame brams brand bras brase brash brasso brassy brats braved braver
braves bravo breads break breaky bream brede bress bribe brice brick briden brides bridges brie brief brightening
brill brine brink briski brisky brite broadaway brode brooking bross bruning brushed bruss bubble buena buening
buffering bugge bugles buick bulge bullet bulls bumbly bummed bumping bunchy bungle bunning bunny burials burian
burling burnings burping burying bushes cabana cabarets caching cahasa cahill cajun callery calling cally calm
calves calving calypsos camber caning cannata canon canson cant cantara capella capon capped capping caps caracas
cardoon care carel cargo carin carine carini carino carl carling carll carlo carlos carls carnivals caro carob
carole carolus caron carow carping carrol carting carton cartoons carving cary caryl case casing cason casso caton
cavern caves caving ceaser ceasing ceding celebrations cell cells cenergy chae chair chait chambers chan chana chand
chandon chang channon chanos chants chany chao chaps chart chas chason chat chats chaus chaves cheater cheek cheeks
cheely cheer cheers cheesy chell cheng cherry chery chianese chides child childree childrens childres childrey chile
chiles chili chiller chills chime chimed chimps ching chives choi chopping chorals chords chortle chortles chrisp
christman cindie cirrus cisco claes clamber clamping clamps clams clans clap clapp clasby clasp class classrooms
claus claws clays cleaves climes clipping clips clock cloves clucks coble cock cocke cockey cocks codding
coffeehouses cohill coking cold colli colly combats comber comely comforts comic coming commerciale commerical
comport comsat cona conca concentrations concert concerti concerts conder confidant confidences cong congo conical
coody cooing coping coral corbell corbet cording corking corky corne cornea cornel corner cornett corney corns
coronet corporates corset corte cosic couse cowbells cowell cowing crace crance craps crass crave craves cream
creecy creek creely creep creeps crescenzo crill crilly crimes crimp crip crips cris crise crispo crisps crispy
criss crist crushes cumbias cumbie cumming curing curios cystic dabber dama danc danger danner dargan daring dark
darman daunted daunting davern deam decrescenzo dedicate deductive deep defeats defect defected defined deflection
defrain denner dense densely dent dentists depresses depressions deriving derry deserter deserved desir desired
desiree desires despain despairs detaches detected determine determines dewire dicks diddle diddy diener diery dill
dilly diner dinger dingle dining dinners dinning dippy disc dispair dither ditty dively diving doble dobry dogging
doggy dolly domed domical donder donner doody doogie doran doria doro douse dousing doyal drace dram dramas
dramatics dread dreams dreamt dressing drills dripping droll drum drumming drying dudek dudgeon dudik duena dumping
dungeons durning dutro dynamics earful earning easing eels eight either ejected elate elater elates elector electra
electron electronics elevators ells elude eludes enchanter ender energize energizer energizes enger entergy erie
error ethic ethnics ewing excised excite excites exercised exerciser exercises exhibitions exited exiting exploding
explosives exude exudes eyrie fadness fairytales false fanger fanny fargo faring fast fateful faxes feels feight
fellow fells fender ferment ferry fery festiva fiddled fiddler fiddles fier fiercer fiero fiers fightings fights
filly finery finger fingers fining finning fistful flapping flaps flesh flight flinty flirt flirts fliss float
floats flock flour flouting flud fludd flue fluids focal fogg fogy folk folly fonder fonte foote force forde fore
foree foret forge forgy forie forking forse fort fortes forth forti forts forty fouse frace france fravel freaks
frech freeh freels frese friddle friedly frill frisk frost frosts froze frush frying fuddle fuge funerals funk fuson
fuston gaba gabbert gaber gabler gaddy gainful galentine galler gallet galley gama gamber gambia gamboa gamelin
gamma ganger ganging gangs ganic garand garber garing garols gave geek geena gelli gender gentry gerace gerry
ghastly gibes gilly ginger gingles ginning glace gland glassy glick gloating gloom glowing gluck glues goble goding
goings golly gonder goody gooey goof goofs grabber grabe graced graces gracey graci gracie graco gracy grad
gradation grade graduations graef grafe grage grama gran grana granda grande grandi grands grandt grandy grange
grano grant granz grape grass grate grateful gratefully graue gravel graven graver graves gravy grawe graye graze
greave greed greeks green greer greet greif gresh greve grice grieb griep grier gries griff grill grind griping
groce groove grousing grove grudge grund grungy guido guin guire gummed gunny gushed hallet hammon hammonds hammons
handballs handbills handclasp hanger hanging hanson happ haring harkness harmonic harmonics harp hase hashed hause
hawaiians haymond hazel heartbreaks heater heels hello hemmed hemming heng hentic heroics heroin hicks hight hiking
hill hilling hilly himes hindustan hinger hingle hither hitty hively hobby hodes hoel hogging holaday holidays
holliday holly hollywood hombre homeless homey homily honk hons honse hooky hoops hoose hoped hopping horn horne
hornet hornor horns horny horrors hors horse hose hospitals hote houde houge houle hous house housed housel housen
houser houses housh housing houze hoving howse humerous hummel hummer humped hunted hunting huse husted hyder hyer
hyler hymans hymas hymer hymes hymn hymnals hype hypes hypnotics hyser imperia imperiale imperil impressionists
incense india indiana indians indic indies indite industria industriale industriali industrials inger ingle ingles
inner inning innocenti innocents insomniac intensify interludes intimated intimates into intra introductions intron
intros iola iris isolate isolates isty itar itty jacky jangle jasso jaunt jaunts javanese jazz jelly jent jerry
jersian jibes jiggle joice jolla jolley joly journeys jowly joyal jumping jungle jungles jurney karol keels keena
kelli kellow kells kender kerry kick kiddle kiddy kight kindergartens kinks kinner kirks kitty klemmer klock klute
knicks knoble koble kombat kook kooks koops kooy kopera korns korte kosky krass krill lago lain lakin lammond langer
languish languished lapin lapped lapping laps larco large lasso latina latini latino latins laton lattin lavely
lavin leak learning leaser leasing leder leeder leena leep legal leider lender leno lent lenton lents lentz lenzo
leto libby licks liddle liddy lieber liedel liefer liener lieser light lighting likely liking lilly linder linger
lingers lingle lining lippy liss littering litty livery livid living lobb local locals lock lodging logging lolly
longe longings longino longo longs looby looking looks loomed looming looms loons loop loopy loos loosing looting
lopping lordly loring losing loud lounges lounging louse lovell lovie lovin lovings lovins lowing lowly loyal lucks
lueder luick lumping lunge lunging lunny lute lydia lydic lyrics lyris mach madly madness magic majesta malabre
mallery mallet mallow mamba manac manger mango mani mania maniac manik manioc manis mapped mapping maraca marathons
marc march marched marcher marchers marchese marchesi marchi marco margo maring marky marry marshes massaged
massager massages masso mastery match matches matherly matic meal medal mediating medicating mediums melican melli
mellon mellor melodic mental mento mercy message meta mexicana mexicano mexicans middle might migues milly miner
minet minger mingle mingles minimalist mining minister minner mino minors minute minutes mira missy mist mistic
mistry mists moderated moderates moderator mody moet moira moldy molly mondy monet mongolia mood moods mooty moret
morgan morry mosie mote motel moten motes motionless moton mott motte moudy mouse move movies moving mowdy moxie
mucky mumbo murdy murial murk murry murty museums musky musty mystere mystics naeve nager napolitan napped napping
native natively nave neace neels nelli nicks nieder night nightclubs nilly nippy nitro nitty nobbe nobel nobile
nobler nobles noblet nobly nogle nole nordica nordin nordio norte notifications officer offices ogan olly omani
onder oops operan operas opere opining oran orand orientals ossa osting ottman outdo outgo outgun outran outruns
overtures overturf overturn owing pace pacey paging palates pallet panful panic paring parity part pary pasion
passage passino passions passon pastora patin paty paunchy peac peach peake peale pearce peasant pease pectic peels
pellow pence pender pension peppi pera perce permian perry persia persians peruvians pesce petal pheasant philly
phone phony pianos piccola piccoli picks piddle pierce pigue pilate pilatus piling pimping pinging pinner pinning
pino pion piping pirates place placed placida placido placoid plaid plane plated plates pleasants plock plowing
pluck plucky poise polak polk polly ponder poops poppy porte posed positives pouncy prance preclude precludes premo
preppy preschools prest presta presti preston price prided prides pried prill prime primo prine prisk prize prod
prom promos proms propound proto prout provo prude prussian pryde prying pulping puming punch puppy purify pursuits
pushed pyper quack queena quiets quiett quik quilt quina quint quinter quirk quirke quirks quiry quist quit quite
rabid race racing radant ragin raid raking rama rambo ramping rance rand ranger ranging raped rapids raping rappe
rapper rasped rath rating ravage rave ravel raveling raving razing real ream reaser rebellions rebels recorded
recorders reebs reeds reefs reek reeks reel reelection rees refiled refine refiner refines reflections refrains rega
regale regan regas regel reined rejected related relating relaxes relayed renal render reorder repels repressed
repressing repression resh restaurants restive resto retrain reusing revels reverend rhoades rhode rhoden rhodies
rhodus ricks riddle ride ridge rieder rief right rightly rightness rigorous rill ringer ringers ringing ringle
ripped ripping rippy rish risk roadway robby roble rock rocky rodes rogal rolly romain roman romances romania
romanik romann romano romans romany romo rosing rossing rosty rouse routing roving roxani royale royall royals
roybal rozen rums runge runny rushed rushes russia russians russin russman ryal saba sacked safes sages saker sakes
sala sales sally salvage sama sambre sames samoa sandness sanger santer santor santoro santy sapped sapping sarage
sardas sardo sare sarene saros sass sasse sassi sasso sassoon sates satin sauvage savaged savages saves sawing saxe
saxer scale scandinavia scandinavians scanty scape scar scarce scared scares scarf scaring scarp scarry scars
schamber scherz schill schilling scire score screaming scrod seedy seep seeping segal selene sells sember sender
seng senger sengers senor sense serena serenaded sereno sewing sexes shaber shader shadow shadows shaer shafer shake
shaken shakers shakes shakier shakir shakur shaler sham shammond shandy shaner shanker shant shanti shantz share
sharer sharm shaver shaw shawl shawn sheedy sheet shen shena shenk shill shilling shin shine shing shinn shipping
shona shonk shouse siano siddle sideshow sieger siggers sight sighting signer signers signified signing silky sill
sills sinar siner sing singe singed singel singer single singler singles singling sinker sinking sinner sinners
sinning sins sissy sitars siting sitmar sixes skare skeet slapping slaps slated slaves slee sleep sleeps sleet sling
slinger slinging slow slowey slowing smoothing snagger snake snaking snape snared snares snarl snarr snore soaker
sober soble socal soft soggy solem solemin soliday solly somer sommer song songer songs sonny sophisticate
sophisticates sopping sopranos sorber soundtracks sowing space spaced spacek spacer spaces spacex spack spady spare
sparking sparkle sparky sparling spay speaking speed speeds spera spicey spicy spiny spirituals spook spooks springs
stacey stacy stadiums stagger staker stang stanger stanish star stare starkly starring stary stavely stealthy
steaming steelman stender stenger stieg stig stiger stine stiner stinger stingers stingier stinging stingy stink
stint stirling stirrings stitely stong stopping storey storm storms story streaking strengths strider strides strife
strike strine string stringer stringy stripe strite strive strode stud stude stung stylist sufferings suing sully
summed summing sundy sunlite sunni suny suon supermarkets surrell sutro swager swanger swauger sweat sween sweep
sweeping sweets swenet swept swete swett swig swine swinger swingers swinging swings swink swint swogger swung
synthesize synthesized synthesizers table tables tacky tambo tamburo tamura tang tanger tapped tapping taser tasso
taunted taunting tavel tavera taverna taverns taxes teamer teaming tearing teased teases teaster teater tedder
tedium teena tells tended tenders tendler tener tenner tenore tenors tens tenses tensions tensor tenzer terrors
terry terse tersely tese thaser theaters theatre therein thill thistle thorns thrilled thrillers tibetans ticks
tierce tight tigue tilly tinder ting tingle tippy tolly tonal tonga tongs toops torte tourney trace trailed trailers
trainer tramel tranche trane tranquillity trapped trapping travels traver trawler traxler treater trial triangles
trill trilling tripp trippe tripping trish triumphs trying tude tune tunny turning tweet twitty tympanic typed
underscored underscores unease unger unimation unkind unwin urgen vale valentin valentina valentines valentini
valentino vales valle vallery valliant value valve vapid vaporware vargo variant vase vaunted vause vaxes veen vena
vento verde vere verena verene verge verna verry vers versa vesna viber vice vices vicks victor victors vigue vikes
vila viles vines vining viole violet violett violins vires visco vives vivie vocalists voiced voila voiles volentine
vonder vorce wack wacko wacks waging waive wallet walt waltzer walz wander wanger wapping wards wargo warily waring
warm warmoth warmuth warth watz waxes weedy weeny weep weeps welding wells wender wenning werking werry whining
whiny whistled whistler whistles whitling whittle whittling whitty whopping wicks widdle wieder wight willy wincing
winder winding winery wing winger wingers winging wining winking winner winnings wishful wither witness witt witte
witts wombat wonders woodlock woody woogie wording workings wrapped wrapping wreaks wreath wright wuli wunder wurl
yasso yearling yearnings yellow yells yender yinger yonder younge youse zambo zanger zapped zapping zaring zemba
zender zeng zenor zestful zhang zinger zinner zipp zippo zithers zoomed zuba
""".split()
)
