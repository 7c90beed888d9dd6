"""Proposed consent texts in English; a coordinator reads, changes and publishes them."""

from scheduler.people.models import ConsentPurpose as Purpose

COMMON = {
    "place": "The data stay on the organiser's server in mainland China unless this text names "
    "another place.",
    "security": "Identity numbers and health notes are stored encrypted, pages are open only to "
    "those named here, and every reading of a child's record is written down.",
    "rights": "You can see, correct and copy the data, have them deleted, and withdraw this "
    "consent at any time on your page, as easily as you give it; what was lawful until then stays "
    "lawful. Person in charge, questions and complaints: {contact}.",
}
LABELS = {
    "purpose": "What for",
    "data": "Which data, and how",
    "readers": "Who receives them",
    "period": "How long, and what then",
    "place": "Where",
    "security": "Security",
    "refusal": "If you refuse",
    "rights": "Your rights and complaints",
}
TEXTS = {
    Purpose.PARTICIPATION: {
        "purpose": "Your child takes part in {programme} with a group of the school.",
        "data": "Name, sex, birth date, school, grade, group, and how to reach you. The school "
        "enters them; places, times and groups are planned from them.",
        "readers": "The school's officers and the coordinators of {programme}; reviewers of the "
        "education authority see the group without your child's data.",
        "period": "Until {until}; then the entry is deleted, and a record of who took part is "
        "kept for three years for certificates.",
        "refusal": "Your child does not take part. The school and the coordinators are told, and "
        "nobody may put pressure on your child or you.",
    },
    Purpose.INSURANCE: {
        "purpose": "Accident insurance for the days of {programme}, taken out by the organiser.",
        "data": "Name, birth date and identity document number are passed to the insurer in one "
        "list.",
        "readers": "The insurer, and the officer who makes the list.",
        "period": "Until {until}, or until a claim is settled; then the list is deleted.",
        "refusal": "Your child is not insured through the organiser. Please see to an insurance "
        "of your own.",
    },
    Purpose.HEALTH: {
        "purpose": "Your child can be helped in an emergency and gets suitable food.",
        "data": "What you write about allergies, illnesses, medicine and diet. It is sensitive "
        "personal information; write only what helpers must know.",
        "readers": "The officers of your child's school, who tell the team leader what is needed "
        "on the day. Nobody else.",
        "period": "Until {until}; then the note is deleted.",
        "refusal": "No health note is kept, and one that is there is deleted at once. Your child "
        "takes part all the same; tell the team leader yourself what matters.",
    },
    Purpose.IMAGE: {
        "purpose": "Photos and films of {programme} for reports of the school and the organiser.",
        "data": "Pictures and recordings in which your child can be recognised, on stage and "
        "beside it, without the name.",
        "readers": "The public: websites, printed matter and channels of the school and the "
        "organiser.",
        "period": "Until {until}; then published pictures are taken down. What others have copied "
        "cannot be called back.",
        "refusal": "Your child takes part all the same and is not photographed singly; in group "
        "pictures the face is made unrecognisable.",
    },
    Purpose.LIVESTREAM: {
        "purpose": "Performances are shown live on the internet.",
        "data": "Image and sound of your child on stage, as they happen, without the name.",
        "readers": "Whoever watches, anywhere.",
        "period": "While it is broadcast; a recording is kept until {until} and then deleted.",
        "refusal": "Your child takes part all the same; the camera avoids your child, or your "
        "child's group is not broadcast.",
    },
    Purpose.TRANSFER: {
        "purpose": "The host abroad prepares your child's visit in {programme}.",
        "data": "Name, sex, birth date, passport number, diet, and a telephone number for "
        "emergencies, sent once and encrypted. Some of this is sensitive personal information.",
        "readers": "{recipient} ({country}) and nobody else there.",
        "period": "The recipient keeps the data until {until} and then deletes them.",
        "place": "The data leave mainland China for {country}, under the law that holds there; "
        "you have the same rights towards the recipient through the contact below.",
        "refusal": "Nothing is sent abroad. As far as the visit cannot be prepared without it, the "
        "page says so beside the question.",
    },
    Purpose.HOMESTAY: {
        "purpose": "A family is found in which your child lives during {programme}.",
        "data": "Name, sex, age, languages, diet, allergies, pets and hobbies are compared with "
        "those of families.",
        "readers": "The coordinators, and of these the one family that is chosen.",
        "period": "Until {until}; then both sides delete the data.",
        "refusal": "Your child does not stay with a family; the school tells you whether another "
        "lodging is possible.",
    },
    Purpose.CALENDAR: {
        "purpose": "Your child's times and places can be seen on a private page and in the "
        "calendar of your phone.",
        "data": "Group, times and places, behind an address that cannot be guessed and that the "
        "school can end.",
        "readers": "Whoever has the address: you, and those to whom you give it.",
        "period": "Until 30 days after the last appointment, at the latest until {until}.",
        "refusal": "There is no private page and no calendar; the team leader tells your child "
        "the times. Your child takes part all the same.",
    },
}
