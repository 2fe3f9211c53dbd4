/**
 * Verbs with the arguments they take, one a line:
 *
 *     [topic topic] base|past|participle : SUBJECTS > [PREPOSITION] OBJECTS + PREPOSITION OBJECTS
 *
 * Regular forms are left out. SUBJECTS and OBJECTS are noun kinds, or `=noun` for one noun. Preposition
 * `location` stands for the place's own (in, on, at). Objects `that` and `to` are a clause and an
 * infinitive; `&` in place of `+` makes the last argument obligatory. After the forms, `~`: no
 * progressive; `!`: nor as an infinitive (nobody decides to know); `^`: no passive. Most frequent first.
 */
export const VERBS = `
see|saw|seen! : person animal > person animal vehicle thing place event mishap text
have|had|had!^ : person > thing tool vehicle animal =plan =idea =question =problem
say|said! : person > that
take|took|taken : person > thing tool text
want!^ : person > to
find|found~ : person > thing tool text animal idea
think|thought! : person > that
know|knew|known!^ : person > that
need!^ : person > thing tool vehicle food text
give|gave|given : person > thing tool text food & to person
wait : person > for person vehicle event
try^ : person > to
like!^ : person > person animal food thing text place event
help : person > person animal
bring|brought : person > thing tool text food + to person
write|wrote|written : person > text
read|read : person > text
leave|left^ : person > place event
leave|left^ : vehicle > place
lose|lost!^ : person > thing tool text
talk : person > about person event mishap idea text
buy|bought : person > thing tool vehicle food animal
arrive~ : person vehicle > location place
believe! : person > that
sell|sold : person > thing tool vehicle food animal + to person
begin|began|begun|beginning : event >
come|came|come~^ : person > to place event
hope^ : person > to
hope : person > that
look : person animal > at person animal thing vehicle text
show|showed|shown : person > thing tool text + to person
work : person > location place
repair : person > tool vehicle fixture
carry : person > thing tool text + to place
remember!^ : person > person event mishap idea place
live! : person > location place
forget|forgot|forgotten! : person > thing idea text event
open : person > =door =window =box =letter =bag =gate =safe =bottle
send|sent : person > text thing + to person
start : event tool vehicle mishap >
laugh : person > at person idea event
discuss : person > event mishap idea text
visit : person > person place
follow : person animal > person animal vehicle
hear|heard! : person > person animal vehicle mishap
decide~^ : person > to
meet|met^ : person > person
explain : person > idea text + to person
change : idea >
stop|stopped|stopped|stopping : vehicle tool event >
call : person > person
sit|sat|sat|sitting : person animal > location place
watch : person animal > person animal vehicle event
end : event mishap >
solve : person > =problem =crime =case =crisis
hide|hid|hidden : person > thing text tool
clean : person > thing tool vehicle fixture =room =house =kitchen =stable =stage
steal|stole|stolen : person > thing vehicle tool text
describe : person > person place event mishap idea
fall|fell|fallen~ : thing tool >
break|broke|broken~ : person > tool =window =door =plate =lamp =glass =fence
sleep|slept : person animal > location place
fail! : idea person tool >
prepare : person > event food text
walk : person > to place
study : person > text idea
pay|paid : person > for food thing tool vehicle
trust! : person > person
criticize : person > person event idea text
smile : person > at person
refuse~^ : person > to
discover~ : person > idea place =clue =secret =mistake
worry : person > about person event mishap idea
thank : person > person
promise~^ : person > to
avoid : person > person event idea place mishap
push : person > vehicle =box =door =table =chair =crate =barrel
complain : person > about person event mishap idea food
run|ran|run|running : person animal > to place
fear! : person > that
plan|planned|planned|planning^ : person > to
plan|planned|planned|planning : person > event
arrange : person > event
disappear~ : person animal thing text >
love! : person > person animal food place
cause : idea mishap > mishap =problem =mistake =danger =loss =risk =scandal
hate! : person > person idea place event
draw|drew|drawn : person > animal =map =picture =chart
return~ : person > to place
notice! : person > person animal thing idea
argue : person > that
doubt! : person > that
photograph : person animal > person animal vehicle place
choose|chose|chosen : person > thing tool text
interrupt : person mishap > person event
escape~ : animal =thief =prisoner >
keep|kept : person > thing text tool
manage!^ : person > to
invent : person > tool =story =theory =excuse =method =recipe
deliver : person > food thing text + to place
translate : person > text
throw|threw|thrown : person > =box =bag =key =book =rope + to person
realize! : person > that
surprise! : idea mishap event text > person
destroy : mishap > thing tool text place vehicle
[harbor] sail : vehicle =captain =sailor > to place
[harbor] sink|sank|sunk : vehicle >
[harbor] catch|caught : person > =fish =crab =oyster
[harbor] load : person > =ship =boat =ferry
[harbor] rescue : person > person animal
[harbor] steer : person > vehicle
[harbor] lower : person > =anchor =sail =net =flag
[harbor] swim|swam|swum|swimming : person animal > to place
[farm] feed|fed : person > animal
[farm] drive|drove|driven : person > vehicle
[farm] harvest : person > =apple =potato =carrot
[farm] plant : person > =tree =potato =carrot =hedge
[farm] milk : person > =cow =goat =sheep
[farm] chase : animal person > animal
[farm] paint : person > =fence =gate =barn =house
[farm] grow|grew|grown : person > food
[farm] bite|bit|bitten : =dog =goose =horse =fox > person animal
[school] teach|taught : =teacher =parent =principal =woman =man > =subject =language =lesson =class
[school] learn : person > =poem =lesson =language =subject
[school] pass : person > =test =exam =contest
[school] copy : person > =essay =answer =poem =list
[school] praise : person > person text
[school] punish : =teacher =principal =parent > =pupil =student =boy =girl =child
[school] borrow : person > text =pencil =calculator
[kitchen] cook : person > =soup =rice =dinner =chicken =onion
[kitchen] bake : person > =cake =bread =pie
[kitchen] eat|ate|eaten : person > food
[kitchen] order : person > food
[kitchen] taste : person > food
[kitchen] serve : person > food =guest =customer
[kitchen] wash : person > =plate =bowl =pan =glass =spoon =tomato
[kitchen] burn : person > =cake =soup =rice =bread
[kitchen] cut|cut|cut|cutting : person > =bread =cake =onion =tomato =chicken
[kitchen] recommend : person > food =restaurant =cafe =recipe
[business] sign : person > =contract =invoice
[business] rise|rose|risen : =price =profit =debt =tax =share =bond >
[business] drop|dropped|dropped|dropping : =price =profit =share =bond >
[business] predict : person > =profit =loss =merger
[business] announce : person > =merger =deal =sale =profit =loss =product
[business] owe! : person > =tax =debt
[business] hire : person > person
[business] fire : =manager =director =owner > person
[business] invest : person > in =company =bank =factory =product =bond =share
[business] negotiate : person > =contract =deal =price =merger
[business] borrow : person > =car =calculator =coin =printer
[hospital] treat : =doctor =nurse =surgeon =specialist =dentist > person =illness =symptom
[hospital] examine : =doctor =nurse =surgeon =specialist =dentist > person =chart =file
[hospital] recover^ : person > from =operation =illness =treatment =accident
[hospital] heal : =doctor =surgeon > person
[hospital] operate : =surgeon =doctor > on =patient =child =man =woman
[hospital] prescribe : =doctor =specialist =dentist > =pill =treatment =bandage
[hospital] swallow : person > =pill
[hospital] suffer!^ : person > from =illness =symptom
[hospital] comfort : person > person
[court] arrest : =detective =officer =guard > =thief =prisoner =stranger =man =woman
[court] question : =judge =lawyer =detective =officer =reporter > =witness =thief =prisoner =guard
[court] defend : =lawyer > =thief =prisoner =man =woman
[court] accuse : person > person
[court] confess : =thief =prisoner > to =crime =robbery =mistake
[court] investigate : =detective =officer =reporter > =crime =robbery =accident =case
[court] examine : =judge =lawyer =detective =officer > =document =clue =painting =window =case
[court] deny : =thief =prisoner =witness =guard > =crime =mistake
[court] guard : =guard =officer =dog > person =painting =necklace =museum =prison
[theater] sing|sang|sung : person > =song =melody
[theater] play : =pianist =composer =singer =child =friend > =piano =violin =drum =guitar =trumpet =melody
[theater] perform : person > =play =song =show =concert
[theater] dance : =dancer =actor =singer =child =fan > location =stage =studio =theater
[theater] applaud : =fan =critic =visitor =friend > person =performance =show
[theater] compose : =composer =pianist =singer > =song =melody =opera
[theater] rehearse : =actor =singer =dancer =pianist > =play =song =role =show
[theater] admire! : person > person =costume =style =performance
[theater] tune : person > =piano =violin =guitar
`;
