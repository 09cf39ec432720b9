admin-refused-blocked = Tu ne peux pas créer de clips sur ce serveur : ses modérateurs t'ont bloqué.
admin-refused-channel = Les clips ne sont pas souhaités dans ce salon. Demande-moi ici : { $channels }
admin-refused-paused = Les modérateurs de ce serveur m'ont mis en pause. Les clips en attente gardent leur place ; redemande plus tard.
