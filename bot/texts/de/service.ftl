# Warum eine Bestellung nicht angenommen wird.

service-restarts = Ich werde gerade neu gestartet; bitte versuche es in einer Minute noch einmal. Clips in der Warteschlange bleiben erhalten.
service-unavailable = Im Moment kann ich keine Clips machen. { $reason } Clips in der Warteschlange bleiben erhalten.
service-no-checkpoint = Es ist kein Checkpoint geladen.
service-wait-too-long = Die Warteschlange ist länger, als Discord mich hier antworten lässt (15 Minuten). Versuche es später noch einmal oder frag auf einem Server, auf dem ich Mitglied bin.

# Worum ein Prompt bittet
prompt-minors = Ich mache keine sexuellen Inhalte mit Minderjährigen. Von deinem Kontingent wurde nichts abgezogen.
prompt-adult = Inhalte für Erwachsene mache ich nur in Kanälen mit Altersbeschränkung. Von deinem Kontingent wurde nichts abgezogen.
prompt-server = Dein Prompt enthält ein Wort, das dieser Server nicht möchte. Von deinem Kontingent wurde nichts abgezogen.
negative-minors = Unter dem, was der Clip nicht zeigen soll, stehen sexuelle Inhalte mit Minderjährigen; mit solchen Wörtern mache ich keinen Clip. Von deinem Kontingent wurde nichts abgezogen.
negative-server = Unter dem, was der Clip nicht zeigen soll, ist ein Wort, das dieser Server nicht möchte. Lass es weg, auch in /settings. Von deinem Kontingent wurde nichts abgezogen.
