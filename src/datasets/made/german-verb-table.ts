/**
 * English verb, the German infinitive with `|` behind a separable prefix, then for strong verbs third
 * person present, past, participle. The English verb may carry the preposition of its first argument
 * (`wait-for`), `+to` when somebody receives, the kind of its object (`serve=person`) or subject
 * (`start@tool`), and `:passive`. Before the infinitive, `sich`: reflexive; `ist`: perfect with sein; at
 * it, `~`: participle without ge-. After `>`: what the direct object or first prepositional argument
 * becomes: acc, dat, or preposition and case. Default: the object acc, a recipient dat, a place its own.
 */
export const GERMAN_VERBS = `
see sehen sieht sah gesehen
have haben hat hatte gehabt
say sagen
take mit|nehmen nimmt nahm genommen
want wollen will wollte gewollt
find finden findet fand gefunden
think denken denkt dachte gedacht
know wissen weiß wusste gewusst
need brauchen
give geben gibt gab gegeben
wait-for warten > auf acc
try ~versuchen
like mögen mag mochte gemocht
help helfen hilft half geholfen > dat
help:passive ~unterstützen
bring bringen bringt brachte gebracht
write schreiben schreibt schrieb geschrieben
read lesen liest las gelesen
leave verlassen verlässt verließ verlassen
lose verlieren verliert verlor verloren
talk-about sprechen spricht sprach gesprochen > über acc
buy kaufen
arrive ist an|kommen kommt kam gekommen
believe glauben
sell ~verkaufen
begin beginnen beginnt begann begonnen
come ist kommen kommt kam gekommen
hope hoffen
look-at an|sehen sieht sah gesehen > acc
show zeigen
work arbeiten
repair ~reparieren
carry tragen trägt trug getragen
remember sich ~erinnern > an acc
live wohnen
forget vergessen vergisst vergaß vergessen
open öffnen
send schicken
start an|fangen fängt fing gefangen
start@tool ist an|springen springt sprang gesprungen
start@vehicle ist an|springen springt sprang gesprungen
laugh-at lachen > über acc
discuss besprechen bespricht besprach besprochen
visit ~besuchen
follow ist folgen > dat
follow:passive ~verfolgen
hear hören
decide beschließen beschließt beschloss beschlossen
meet treffen trifft traf getroffen
explain ~erklären
change sich ~verändern
stop an|halten hält hielt gehalten
stop@event auf|hören
call an|rufen ruft rief gerufen
sit sitzen sitzt saß gesessen
watch ~beobachten
end enden
solve lösen
hide ~verstecken
clean putzen
steal stehlen stiehlt stahl gestohlen
describe beschreiben beschreibt beschrieb beschrieben
fall ist um|fallen fällt fiel gefallen
break zerbrechen zerbricht zerbrach zerbrochen
sleep schlafen schläft schlief geschlafen
fail ~versagen
fail@idea ist scheitern
prepare vor|~bereiten
walk ist gehen geht ging gegangen
study ~studieren
pay-for ~bezahlen > acc
trust ~vertrauen > dat
criticize ~kritisieren
smile-at an|lächeln > acc
refuse sich weigern
discover ~entdecken
worry-about sich sorgen > um acc
thank danken > dat
promise versprechen verspricht versprach versprochen
avoid meiden meidet mied gemieden
push schieben schiebt schob geschoben
complain-about sich ~beschweren > über acc
run ist laufen läuft lief gelaufen
fear ~befürchten
plan planen
arrange ~organisieren
disappear ist verschwinden verschwindet verschwand verschwunden
love lieben
cause ~verursachen
hate hassen
draw zeichnen
return ist zurück|kehren
notice ~bemerken
argue ~behaupten
doubt ~bezweifeln
photograph ~fotografieren
choose aus|wählen
interrupt unterbrechen unterbricht unterbrach unterbrochen
escape ist fliehen flieht floh geflohen
keep behalten behält behielt behalten
manage schaffen
invent erfinden erfindet erfand erfunden
deliver liefern
translate ~übersetzen
throw weg|werfen wirft warf geworfen
throw+to zu|werfen wirft warf geworfen
realize erkennen erkennt erkannte erkannt
surprise ~überraschen
destroy ~zerstören
sail ist segeln
sink ist sinken sinkt sank gesunken
catch fangen fängt fing gefangen
load beladen belädt belud beladen
rescue retten
steer steuern
lower herunter|lassen lässt ließ gelassen
swim ist schwimmen schwimmt schwamm geschwommen
feed füttern
drive fahren fährt fuhr gefahren
harvest ernten
plant ein|pflanzen
milk melken
chase jagen
paint an|streichen streicht strich gestrichen
grow an|bauen
bite beißen beißt biss gebissen
teach ~unterrichten
learn lernen
pass bestehen besteht bestand bestanden
copy ab|schreiben schreibt schrieb geschrieben
praise loben
punish ~bestrafen
borrow aus|leihen leiht lieh geliehen
cook kochen
bake backen backt backte gebacken
eat essen isst aß gegessen
order ~bestellen
taste ~probieren
serve ~servieren
serve=person ~bedienen
wash ab|waschen wäscht wusch gewaschen
burn verbrennen verbrennt verbrannte verbrannt
cut schneiden schneidet schnitt geschnitten
recommend empfehlen empfiehlt empfahl empfohlen
sign unterschreiben unterschreibt unterschrieb unterschrieben
rise ist steigen steigt stieg gestiegen
drop ist fallen fällt fiel gefallen
predict voraus|sagen
announce an|kündigen
owe schulden
hire ein|stellen
fire entlassen entlässt entließ entlassen
invest-in ~investieren > in acc
negotiate aus|handeln
treat ~behandeln
examine ~untersuchen
recover-from sich ~erholen > von dat
heal heilen
operate-on ~operieren > acc
prescribe verschreiben verschreibt verschrieb verschrieben
swallow schlucken
suffer-from leiden leidet litt gelitten > unter dat
comfort trösten
arrest fest|nehmen nimmt nahm genommen
question ~verhören
defend ~verteidigen
accuse an|klagen
confess-to gestehen gesteht gestand gestanden > acc
investigate auf|klären
deny leugnen
guard ~bewachen
sing singen singt sang gesungen
play spielen
perform auf|führen
dance tanzen
applaud ~beklatschen
compose ~komponieren
rehearse ein|üben
admire ~bewundern
tune stimmen
ask fragen
reply ~erwidern
answer antworten
shout rufen ruft rief gerufen
whisper flüstern
add hinzu|fügen`;

/** Auxiliary and modal verbs: a name, then the forms as above. */
export const GERMAN_AUXILIARIES = `
sein ist sein ist war gewesen
haben haben hat hatte gehabt
werden ist werden wird wurde worden
können können kann konnte gekonnt
müssen müssen muss musste gemusst
sollen sollen soll sollte gesollt
dürfen dürfen darf durfte gedurft`;
