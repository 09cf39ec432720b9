# Ce que lisent les modérateurs, et ceux à qui ils refusent quelque chose.

admin-description = Modérer les clips de ce serveur.
admin-more = et { $count } de plus

admin-refused-rights = Il te faut la permission « Gérer le serveur » pour cela.
admin-refused-blocked = Tu ne peux pas créer de clips sur ce serveur : ses modérateurs t’ont bloqué.
admin-refused-channel = Les clips ne sont pas souhaités dans ce salon. Demande-moi ici : { $channels }
admin-refused-paused = Les modérateurs de ce serveur m’ont mis en pause. Les clips en attente gardent leur place ; redemande plus tard.

admin-waits-paused = **En pause**, par décision des modérateurs de ce serveur. Le clip garde sa place.

admin-pause-description = Mettre en pause les clips de ce serveur : ceux qui attendent gardent leur place.
admin-pause-done = { $waiting ->
    [0] Je suis en pause sur ce serveur jusqu’à /admin resume. Rien n’est en attente.
    [one] Je suis en pause sur ce serveur jusqu’à /admin resume. { $waiting } clip en attente garde sa place ; un clip en cours de rendu sera terminé.
   *[other] Je suis en pause sur ce serveur jusqu’à /admin resume. { $waiting } clips en attente gardent leur place ; un clip en cours de rendu sera terminé.
}
admin-resume-description = Reprendre les clips de ce serveur.
admin-resume-done = { $waiting ->
    [0] J’accepte de nouveau les demandes sur ce serveur. Rien n’est en attente.
    [one] Je reprends sur ce serveur. { $waiting } clip attend.
   *[other] Je reprends sur ce serveur. { $waiting } clips attendent.
}

admin-clear-description = Annuler tous les clips en attente de ce serveur.
admin-clear-none = Aucun clip n’attend sur ce serveur.
admin-clear-ask = { $waiting ->
    [one] { $waiting } clip attend sur ce serveur. Dois-je l’annuler ? Il ne comptera pas dans le quota.
   *[other] { $waiting } clips attendent sur ce serveur. Dois-je tous les annuler ? Ils ne compteront pas dans les quotas.
}
admin-clear-button = { $waiting ->
    [one] Annuler { $waiting } clip
   *[other] Annuler { $waiting } clips
}
admin-clear-done = { $cancelled ->
    [0] Plus aucun clip n’attendait.
    [one] { $cancelled } clip est annulé et ne compte pas dans le quota.
   *[other] { $cancelled } clips sont annulés et ne comptent pas dans les quotas.
}

admin-block-description = Ne plus accepter les demandes d’un membre sur ce serveur.
admin-block-member = Qui bloquer
admin-block-done = { $cancelled ->
    [0] { $member } ne peut plus créer de clips sur ce serveur.
    [one] { $member } ne peut plus créer de clips sur ce serveur. { $cancelled } clip en attente est annulé.
   *[other] { $member } ne peut plus créer de clips sur ce serveur. { $cancelled } clips en attente sont annulés.
}
admin-unblock-description = Accepter de nouveau les demandes d’un membre bloqué.
admin-unblock-member = Qui débloquer
admin-unblock-done = { $member } peut de nouveau créer des clips sur ce serveur.
admin-unblock-not = { $member } n’est pas bloqué sur ce serveur.
admin-blocked-description = Lister les membres bloqués sur ce serveur.
admin-blocked-list = Bloqués sur ce serveur : { $members }
admin-blocked-none = Personne n’est bloqué sur ce serveur.

admin-channels-description = Où je peux créer des clips sur ce serveur.
admin-channels-add-description = Ne créer des clips que dans les salons de la liste, dont celui-ci.
admin-channels-add-channel = Un salon avec ses fils, ou une catégorie avec tous ses salons
admin-channels-remove-description = Retirer un salon de la liste.
admin-channels-remove-channel = Un des salons de la liste
admin-channels-show-description = Afficher les salons où je crée des clips.
admin-channels-list = Je crée des clips uniquement dans : { $channels }
admin-channels-all = Je crée des clips dans tous les salons de ce serveur.
admin-channels-not = Ce salon n’est pas dans la liste. Choisis l’un de ceux qui te sont proposés.

admin-words-description = Les mots dont ce serveur ne veut pas dans les prompts.
admin-words-add-description = Refuser les prompts qui contiennent ces mots ou expressions.
admin-words-add-words = Mots ou expressions, séparés par des virgules
admin-words-remove-description = Autoriser de nouveau un mot ou une expression.
admin-words-remove-word = Un des mots indésirables
admin-words-show-description = Afficher les mots indésirables.
admin-words-added = { $count ->
    [0] Ces mots étaient déjà dans la liste.
    [one] { $count } mot ou expression est maintenant dans la liste. Les prompts qui le contiennent sont refusés.
   *[other] { $count } mots ou expressions sont maintenant dans la liste. Les prompts qui les contiennent sont refusés.
}
admin-words-edit-description = Modifier toute la liste des mots indésirables dans un formulaire.
admin-words-edit-title = Mots indésirables
admin-words-edit-label = Un mot ou une expression par ligne
admin-words-edit-part = Un par ligne, partie { $number } sur { $parts }
admin-words-too-many-for-a-form = La liste est trop longue pour un formulaire. Utilise /admin words add et /admin words remove ; /admin words show l’envoie entière dans un fichier.
admin-words-changed-meanwhile = Quelqu’un a modifié la liste pendant que ton formulaire était ouvert. Rien n’a été enregistré ; ce que tu as écrit est dans le fichier. Ouvre de nouveau le formulaire.
admin-words-saved = { $count ->
    [0] Enregistré : la liste est vide ({ $added } en plus, { $removed } en moins).
    [one] Enregistré : { $count } mot ou expression est dans la liste ({ $added } en plus, { $removed } en moins).
   *[other] Enregistré : { $count } mots ou expressions sont dans la liste ({ $added } en plus, { $removed } en moins).
}
admin-words-too-many = La liste accepte au plus { $most } mots ou expressions. Rien n’a été modifié.
admin-words-too-long = « { $word } » a plus de { $longest } caractères. Rien n’a été modifié.
admin-words-no-letters = Il n’y a ni lettre ni chiffre dans « { $word } », je ne peux pas le chercher. Rien n’a été modifié.
admin-words-removed = « { $word } » est de nouveau autorisé.
admin-words-not = « { $word } » n’est pas dans la liste.
admin-words-none = Ce serveur n’a pas de mots indésirables à lui.
admin-words-list = { $count ->
    [one] { $count } mot ou expression indésirable : { $words }
   *[other] { $count } mots ou expressions indésirables : { $words }
}
admin-words-file = Les { $count } mots et expressions indésirables sont tous dans le fichier.

admin-quota-description = Ce que peuvent avoir les membres de ce serveur.
admin-quota-set-description = Fixer des limites pour ce serveur, un rôle ou un membre.
admin-quota-who = Un membre ou un rôle ; à omettre pour tout le serveur
admin-quota-clips = Clips par membre et par jour
admin-quota-at-once = Clips en route en même temps, par membre
admin-quota-gpu-seconds = Secondes de GPU par jour, pour tout le serveur seulement
admin-quota-remove-description = Retirer les limites de ce serveur, d’un rôle ou d’un membre.
admin-quota-show-description = Afficher toutes les limites de ce serveur.
admin-quota-nothing = Indique au moins une limite : clips, at_once ou gpu_seconds.
admin-quota-gpu-is-the-servers = Les secondes de GPU sont un compte commun à tout le serveur. Laisse « who » vide pour les fixer.
admin-quota-done = C’est fait. { $rule }
admin-quota-removed = C’est retiré. Ce qui vaut maintenant :
    { $rules }
admin-quota-standard = **{ $rules ->
    [0] Tous
   *[other] Tous les autres
}** : { admin-quota-clips-a-day } · { admin-quota-active }
admin-quota-rule = **{ $who }** : { $limits }
admin-quota-server = Ce serveur
admin-quota-clips-a-day = { $clips ->
    [one] { $clips } clip par jour
   *[other] { $clips } clips par jour
}
admin-quota-active = { $active } à la fois
admin-quota-seconds-a-day = { $seconds ->
    [one] { $seconds } seconde de GPU par jour
   *[other] { $seconds } secondes de GPU par jour
}

admin-stats-description = Où en sont les clips de ce serveur : nombres, attentes, échecs.
admin-stats-gpu = Temps de GPU aujourd’hui (UTC) : { $used } s utilisées, { $reserved } s réservées
admin-stats-gpu-of = Temps de GPU aujourd’hui (UTC) : { $used } s utilisées, { $reserved } s réservées, sur { $limit } s
admin-stats-days = { $days ->
    [one] **Dernières 24 heures**
   *[other] **{ $days } derniers jours**
}
admin-stats-jobs = livrés : { $delivered } · non livrables : { $undeliverable } · échoués : { $failed } · annulés : { $cancelled } · en attente : { $queued } · en cours : { $running } · à publier : { $rendered }
admin-stats-wait = Attente avant le rendu : la moitié en { NUMBER($p50, maximumFractionDigits: 1) } s au plus, 95 % en { NUMBER($p95, maximumFractionDigits: 1) } s au plus
admin-stats-render = Rendu : la moitié en { NUMBER($p50, maximumFractionDigits: 1) } s au plus, 95 % en { NUMBER($p95, maximumFractionDigits: 1) } s au plus
admin-stats-failure = { $times } × { $reason }
admin-stats-refused = Prompts refusés : pour adultes { $adult } · mineurs { $minors } · mots indésirables { $server }
